"""The mark of a transport in the names of its attempts: whom a lost call may be asked after.

Only who was handed a call can say that it never came. The folder, the mail server or the other
account that the settings name since would say so of every call, and readers would get it twice. Pure.
"""

import secrets

_JOB = ".job"
_END = "-"

AS_JOB = _JOB + _END
"""Stands in the names of calls that become jobs, and in no others."""


def attempt_of(mark: str) -> str:
    """Make up the name of a call that is about to be made under a mark."""
    return f"{mark}{_END}{secrets.token_hex(16)}"


def of_jobs(mark: str) -> str:
    """Give the mark under which calls become jobs that the same account works off by itself."""
    return mark + _JOB


def account_of(name: str) -> str:
    """Give the account that a mark, or the name of an attempt, stands for."""
    return name.partition(_END)[0].removesuffix(_JOB)


def is_of(attempt_id: str, mark: str) -> bool:
    """Say whether an attempt was made with the account that a mark stands for."""
    return account_of(attempt_id) == account_of(mark)


def becomes_a_job(attempt_id: str) -> bool:
    """Say whether a call is worked off by itself, so that it may leave long after it was made."""
    return attempt_id.partition(_END)[0].endswith(_JOB)
