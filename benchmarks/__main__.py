"""``make bench``: all benchmarks, one after the other."""

from benchmarks import (
    building,
    delivering,
    editor_pages,
    filling,
    freezing,
    postmark_transport,
    sizes,
    whole_send,
    workers,
)

STEPS = building, filling, freezing, postmark_transport, editor_pages
WHOLE = delivering, whole_send, workers, sizes

for benchmark in (*STEPS, *WHOLE):
    print(f"\n## {benchmark.__name__}\n\n{benchmark.__doc__}", flush=True)
    benchmark.main()
