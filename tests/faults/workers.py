"""One process of a trial with many workers: ``newsletter worker``, forked instead of started."""

from newsletter.worker import Worker
from tests.faults.runs import Surroundings, begin

THREADS = 2


def work(surroundings: Surroundings) -> None:
    """Do what an operator asks for, then be a worker, until no job is left.

    It is the real one, with its heartbeat and the engine's own fetching and marking. It ends with
    the jobs instead of waiting for more; so what a beat does for them is done before.
    """
    service = surroundings.service()
    begin(service)
    worker = Worker(service, THREADS, once=True)
    service.dispatch.deliver()
    worker.sweep()
    worker.run()
    service.close()
