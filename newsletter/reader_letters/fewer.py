"""Fewer letters were chosen on the way out: told to the mailbox, for a friend may have pressed it."""

from dataclasses import replace

from newsletter.notices.letters import LetterKind
from newsletter.reader_letters import manage

LETTER = replace(manage.LETTER, kind=LetterKind.FEWER)
"""As the link to the preferences, in other words."""
