"""The bulk API: one content and any number of recipients, taken or refused as a whole."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from newsletter.testing.postmark.accepting import Accepting
from newsletter.testing.postmark.agenda import Agenda
from newsletter.testing.postmark.bulk_jobs import Job, read_key, write_key
from newsletter.testing.postmark.clock import Stamp, VirtualClock, postmark_time, stamp
from newsletter.testing.postmark.exchange import Refused, Reply, Request
from newsletter.testing.postmark.mustachio import TemplateError
from newsletter.testing.postmark.shapes import an_object
from newsletter.testing.postmark.streams import Streams
from newsletter.testing.postmark.templates import Templates

MOST_JOBS = 100

STEPS = 10
"""In how many portions a job that takes its time releases its messages."""


class Bulk:
    """Takes bulk requests, and works on them at once or by and by."""

    def __init__(
        self,
        accepting: Accepting,
        templates: Templates,
        streams: Streams,
        clock: VirtualClock,
        agenda: Agenda,
    ) -> None:
        self._accepting = accepting
        self._templates = templates
        self._streams = streams
        self._clock = clock
        self._agenda = agenda
        self._jobs: dict[str, Job] = {}
        self.seconds = 0.0

    def submit(self, request: Request) -> Reply:
        """Take a request as a whole, or refuse it."""
        fields = an_object(request)
        self._check(fields)
        messages = [_merged(fields, one) for one in fields["Messages"]]
        self._check_all(messages)
        job = Job(str(uuid4()), postmark_time(self._clock()), fields.get("Subject"), messages)
        self._jobs[job.id] = job
        shown = job.shown()
        self._begin(job)
        return Reply(shown)

    def get(self, _: Request, job_id: str) -> Reply:
        """Show how far a job is."""
        self._check_approval()
        return Reply(self._find(job_id).shown())

    def all(self, request: Request) -> Reply:
        """List jobs, newest first; the key of the next page is missing on the last one."""
        self._check_approval()
        start = read_key(request.query.get("paginationkey", ""))
        jobs = list(reversed(self._jobs.values()))
        end = start + _count(request.query.get("count", str(MOST_JOBS)))
        following = {"PaginationKey": write_key(end)} if end < len(jobs) else {}
        return Reply({"Requests": [job.shown() for job in jobs[start:end]], **following})

    def cancel(self, job_id: str) -> None:
        """Release no more messages of a job."""
        self._find(job_id).cancelled = True

    def _find(self, job_id: str) -> Job:
        if job_id not in self._jobs:
            raise Refused(12, "The bulk request was not found.", HTTPStatus.NOT_FOUND)
        return self._jobs[job_id]

    def _check_approval(self) -> None:
        if not self._streams.approvals.bulk:
            raise Refused(14, "The bulk API is not approved for this account.")

    def _check(self, fields: Mapping[str, Any]) -> None:
        self._check_approval()
        messages = fields.get("Messages")
        if messages is None:
            raise Refused(403, "Invalid request field(s): 'Messages'.")
        stream = fields.get("MessageStream") or "broadcast"
        self._streams.check(stream)
        if not self._streams.is_broadcast(stream):
            raise Refused(1236, "Bulk sending needs a broadcast stream.")
        if not messages:
            raise Refused(300, "Zero recipients specified.")

    def _check_all(self, messages: Sequence[Mapping[str, Any]]) -> None:
        problems: dict[tuple[str, str], Refused] = {}
        for message in messages:
            try:
                self._accepting.check(message, self._content(message))
            except Refused as refused:
                problems[refused.field or "", str(refused)] = refused
        if len(problems) == 1:
            raise next(iter(problems.values()))
        if problems:
            errors: defaultdict[str, list[Any]] = defaultdict(list)
            for (name, _), problem in problems.items():
                errors[name].append(problem.reply.body)
            raise Refused(11, "There are several errors, see 'Errors'.", errors=errors)

    def _begin(self, job: Job) -> None:
        if not self.seconds:
            self._release(job, job.messages)
            return
        size = -(-len(job.messages) // STEPS)
        for start in range(0, len(job.messages), size):
            portion = job.messages[start : start + size]
            part = (start + len(portion)) / len(job.messages)
            self._agenda.add(self.seconds * part, partial(self._release, job, portion))

    def _release(self, job: Job, messages: Sequence[Mapping[str, Any]]) -> None:
        if job.cancelled:
            return
        now = stamp(self._clock())
        rows = [row for message in messages if (row := self._row(message, now))]
        job.released += len(rows)
        job.failed += len(messages) - len(rows)
        self._accepting.add(rows)

    def _row(self, message: Mapping[str, Any], now: Stamp) -> Mapping[str, Any] | None:
        try:
            content = self._accepting.rendered(
                self._content(message), message.get("TemplateModel") or {}
            )
            return self._accepting.row(message, content, now)
        except (Refused, TemplateError):
            return None

    def _content(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        name = message.get("TemplateAlias") or message.get("TemplateId")
        return self._templates.find(name) if name else message


def _merged(shared: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a message all fields; one that it has itself replaces the shared one whole."""
    stream = {"MessageStream": shared.get("MessageStream") or "broadcast"}
    everything = {**shared, **stream, **own}
    del everything["Messages"]
    return everything


def _count(written: str) -> int:
    if not written.isdecimal() or not 0 < int(written) <= MOST_JOBS:
        raise Refused(403, "Invalid request field(s): 'count'.")
    return int(written)
