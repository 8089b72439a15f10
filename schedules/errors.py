"""The errors of time: each has a stable code and a sentence for an operator."""

from typing import ClassVar


class ScheduleError(Exception):
    """Something about the schedule is wrong."""

    code: ClassVar[str] = "schedule"

    def __init__(self, message: str | None = None) -> None:
        """Take the docstring as the sentence when none is given."""
        super().__init__(message or (type(self).__doc__ or "").strip())


class UnknownZone(ScheduleError):
    """The time zone is not known; give an IANA name such as Europe/Berlin."""

    code = "unknown-zone"


class InvalidSendAt(ScheduleError):
    """The sending time is not a weekday and a wall time such as "mon 09:00"."""

    code = "invalid-send-at"


class InvalidWindow(ScheduleError):
    """The weekly window cannot be used."""

    code = "invalid-window"
