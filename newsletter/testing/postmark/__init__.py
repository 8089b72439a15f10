"""A loopback Postmark: its HTTP API on this machine, with faults on demand and a log as judge.

Run it with ``python -m newsletter.testing.postmark --port 8025 --log accepted.jsonl``, or in a test
as a context manager, see ``process.running_postmark``.
"""
