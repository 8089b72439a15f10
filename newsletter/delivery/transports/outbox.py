"""Writes each message as an ``.eml`` file, exactly once: the embedded default."""

import os
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import takewhile
from pathlib import Path

from newsletter.delivery.message import NOT_TRIED, Mailing, Message, Outcome, Receipt, Stream
from newsletter.delivery.mime import Composer, UnsafeHeader
from newsletter.delivery.transport import Job, MayGoOn, Sighting, Take, always
from newsletter.delivery.transports.limits import require_size

_UNFINISHED = ".unfinished"
_SAFE = re.compile(r"[a-z0-9~_-][a-z0-9~._-]{0,199}")


class OutboxTransport:
    """Writes to ``folder/<mailing>/<delivery>.eml``, readable by this user only.

    A file that is there already has left: the message is accepted again and nothing is written.
    A message is accepted when its bytes and its name are on the disk: each file is synced before
    it gets its name, and the folder once before the receipts are given.

    Args:
        folder: made when missing.
        clock: for the Date header only; no decision depends on it.
    """

    name = "outbox"
    most = 100
    exact = True
    longest = timedelta(0)  # a file that one process is still writing is not written by another

    def __init__(self, folder: Path, *, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock

    def send(
        self, mailing: Mailing, messages: Sequence[Message], *, may_go_on: MayGoOn = always
    ) -> list[Receipt]:
        """Write each message once; a full or broken disk is a receipt."""
        require_size(messages, self.most)
        composer = Composer(mailing)
        composer.require_values(messages)
        target = self._folder / file_name(mailing.key)
        try:
            for folder in (target, self._folder / _UNFINISHED):
                _make_folder(folder)
            going_on = takewhile(lambda _: may_go_on(), messages)
            receipts = [self._write(composer, message, target) for message in going_on]
            _sync_folder(target)
        except OSError as error:
            return [_not_taken(error)] * len(messages)
        return receipts + [NOT_TRIED] * (len(messages) - len(receipts))

    def mark(self) -> str:
        """Tell folders apart: what is not in one of them may be in another."""
        place = str(self._folder.resolve()).encode()
        return self.name + blake2b(place, digest_size=4).hexdigest()

    def find(
        self, _attempt_id: str, _stream: Stream, delivery_ids: Sequence[str] = ()
    ) -> Sighting | None:
        """Look which copies are there: a file is there or not, whichever attempt has written it."""
        names = {delivery_id: f"{file_name(delivery_id)}.eml" for delivery_id in delivery_ids}
        try:
            folders = [entry for entry in self._folder.iterdir() if entry.name != _UNFINISHED]
            found = {
                delivery_id: (f"{folder.name}/{name}",)
                for delivery_id, name in names.items()
                for folder in folders
                if (folder / name).exists()
            }
        except FileNotFoundError:
            return Sighting({})
        except OSError:
            return None
        return Sighting(found)

    def recall(
        self, tag: str, _stream: Stream, _since: datetime, _until: datetime, take: Take
    ) -> bool:
        """Look through the folder of a mailing."""
        folder = self._folder / file_name(tag)
        try:
            files = sorted(entry for entry in folder.iterdir() if entry.suffix == ".eml")
        except FileNotFoundError:
            return True
        except OSError:
            return False
        for start in range(0, len(files), self.most):
            some = files[start : start + self.most]
            take([(file.stem, f"{folder.name}/{file.name}") for file in some])
        return True

    def fence(self, _stream: Stream) -> str | None:
        """Do nothing: what is in the folder is seen at once, so that nothing needs a fence."""
        return None

    def job(self, _job_id: str) -> Job | None:
        """Know of none: nothing is worked off later."""
        return None

    def jobs(self, _since: datetime) -> Mapping[str, Job]:
        """Know of none."""
        return {}

    def close(self) -> None:
        """Let go of nothing: no file stays open between calls."""

    def _write(self, composer: Composer, message: Message, target: Path) -> Receipt:
        path = target / f"{file_name(message.delivery_id)}.eml"
        accepted = Receipt(Outcome.ACCEPTED, provider_id=f"{target.name}/{path.name}")
        if path.exists():
            return accepted
        try:
            self._write_whole(path, composer.compose(message, date=self._clock()))
        except UnsafeHeader as refusal:
            return refusal.receipt()
        except OSError as error:
            return _not_taken(error)
        return accepted

    def _write_whole(self, path: Path, content: bytes) -> None:
        """Write a file that has its name only when all its bytes are on the disk."""
        unfinished = self._folder / _UNFINISHED / f"{path.stem}.{secrets.token_hex(8)}"
        try:
            with open(unfinished, "xb", opener=_private) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise


def file_name(text: str) -> str:
    """Give a safe file name that is different for every text, even where case is ignored."""
    name = re.sub("[A-Z]", lambda found: f"~{found[0].lower()}", text)
    if _SAFE.fullmatch(name) and "~" not in text:
        return name
    return "~~" + blake2b(text.encode(), digest_size=16).hexdigest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, each durably."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _not_taken(error: OSError) -> Receipt:
    reason = error.strerror or type(error).__name__
    return Receipt(Outcome.NOT_TAKEN, code="disk", detail=f"cannot write to the outbox: {reason}")
