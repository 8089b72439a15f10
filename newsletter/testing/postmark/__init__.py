"""A loopback Postmark: its HTTP API on this machine, with faults on demand and a log as judge.

Run it with ``python -m newsletter.testing.postmark --port 8025 --log accepted.jsonl``, or in a test
as a context manager, see ``process.running_postmark``. A test steers it by ``POST /control/…``, or
by the methods of the handle: faults (``plan``), time (``clock``), the search index (``index``), what
happens to messages (``events``) and the webhook calls that follow from it (``webhooks``,
``deliver``); ``reset`` begins anew.

Where Postmark's pages are silent, it takes the harsher way; what is a guess says so in the code.
"""
