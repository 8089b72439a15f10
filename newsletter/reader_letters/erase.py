"""Be forgotten: the letter with the link to erasing everything that is held on a reader."""

from newsletter.notices.letters import LetterKind
from newsletter.reader_letters.own_data import data_letter
from subscribers.tokens import Purpose

LETTER = data_letter(LetterKind.ERASE, Purpose.ERASE)
