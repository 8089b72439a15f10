"""Writes each message as an ``.eml`` file, exactly once: the embedded default."""

import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from newsletter.delivery.message import Mailing, Message, Outcome, Receipt
from newsletter.delivery.mime import Composer, UnsafeHeader
from newsletter.delivery.transports.limits import require_size
from schedules.clock import Clock

_UNFINISHED = ".unfinished"
# Lower case only: where a file system ignores case, two ids must not become one file.
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,119}")


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

    def __init__(self, folder: Path, *, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    def send(self, mailing: Mailing, messages: Sequence[Message]) -> list[Receipt]:
        """Write each message once; a full or broken disk is a receipt."""
        require_size(messages, self.most)
        composer = Composer(mailing)
        composer.require_values(messages)
        target = self._folder / file_name(mailing.key)
        try:
            for folder in (target, self._folder / _UNFINISHED):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            receipts = [self._write(composer, message, target) for message in messages]
            _sync_folder(target)
        except OSError as error:
            return [_not_taken(error)] * len(messages)
        return receipts

    def close(self) -> None:
        """Let go of nothing: no file stays open between calls."""

    def _write(self, composer: Composer, message: Message, target: Path) -> Receipt:
        path = target / f"{file_name(message.delivery_id)}.eml"
        accepted = Receipt(Outcome.ACCEPTED, provider_id=f"{target.name}/{path.name}")
        if path.exists():
            return accepted
        try:
            content = composer.compose(message, date=self._clock())
            with self._named_when_whole(path) as descriptor:
                os.write(descriptor, content)
        except UnsafeHeader as refusal:
            return Receipt(Outcome.REJECTED, code=refusal.code, detail=str(refusal))
        except OSError as error:
            return _not_taken(error)
        return accepted

    @contextmanager
    def _named_when_whole(self, path: Path) -> Iterator[int]:
        """Give a new file to write to; it gets its name when its bytes are on the disk."""
        unfinished = self._folder / _UNFINISHED / f"{path.stem}.{secrets.token_hex(8)}"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            try:
                yield descriptor
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            unfinished.rename(path)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise


def file_name(text: str) -> str:
    """Give a safe file name that is different for every text."""
    if _PLAIN.fullmatch(text):
        return text
    return "~" + blake2b(text.encode(), digest_size=16).hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _not_taken(error: OSError) -> Receipt:
    reason = error.strerror or type(error).__name__
    return Receipt(Outcome.NOT_TAKEN, code="disk", detail=f"cannot write to the outbox: {reason}")
