"""``make bench``: all benchmarks, one after the other."""

from benchmarks import building, filling, postmark_transport, whole_send, workers

for benchmark in (building, filling, whole_send, postmark_transport, workers):
    print(f"\n## {benchmark.__name__}\n\n{benchmark.__doc__}")
    benchmark.main()
