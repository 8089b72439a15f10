"""How long it is until something, in words. Pure."""

from datetime import datetime, timedelta


def time_left(until: datetime, now: datetime) -> str:
    """Say how long it is, in the two largest units; ``countdown.js`` says the same."""
    minutes = max(until - now, timedelta(0)) // timedelta(minutes=1)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{_many(days, 'day')} and {_many(hours, 'hour')}"
    return f"{_many(hours, 'hour')} and {_many(minutes % 60, 'minute')}"


def _many(number: int, of: str) -> str:
    return f"{number} {of}{'' if number == 1 else 's'}"
