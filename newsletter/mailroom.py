"""The mailroom: single letters, to editors and to readers, from where each is sent once."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from newsletter.correction_letters.sending import send_corrections
from newsletter.database import Database
from newsletter.delivery.sending import Sender
from newsletter.delivery.sent import Progress, silent
from newsletter.notices.rows import tell
from newsletter.notices.sending import send_notices
from newsletter.reader_letters.writing import ReaderLetters
from newsletter.rendering.notice import render_notice
from newsletter.rendering.views import Brand
from schedules.clock import Clock

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Mailroom:
    """From where single letters leave.

    Attributes:
        database: the truth.
        sender: its way out, and whether anything may leave.
        brand: whose letters they are.
        editors: addresses that get the notices.
        clock: the present instant.
    """

    database: Database
    sender: Sender
    brand: Brand
    editors: tuple[str, ...]
    clock: Clock

    def tell(
        self,
        key: str,
        title: str,
        paragraphs: Sequence[str],
        commands: Sequence[str],
        decides: int | None = None,
    ) -> None:
        """Tell each editor something once for the key: written down first, then sent."""
        notice = render_notice(
            title=title,
            paragraphs=paragraphs,
            lines=commands,
            brand_name=self.brand.name,
            linked=decides is not None,
        )
        with self.database.writing() as session:
            now = self.clock()
            told = tell(session, key, self.editors, notice, now=now, decides=decides)
        if told or not self.editors:  # what they were told before is no news for the log either
            log.warning("editors_told", key=key, editors=told)
        self.send_letters()

    def send_letters(self, progress: Progress = silent) -> int:
        """Send the single letters whose time has come, to editors and to readers, then corrections.

        Args:
            progress: told of each batch of corrections.

        Returns:
            How many were accepted.
        """
        if self.sender.may_send():
            return 0
        letters = ReaderLetters(self.sender.letterhead, self.brand)
        accepted = send_notices(self.sender, letters)
        return accepted + send_corrections(self.sender, progress)
