"""Readers' mailboxes: which letters are in them, and the links in those."""

import re
from datetime import timedelta

from subscribers.tokens import Purpose
from tests.newsletter.sign_up.visiting import House


def inbox(house: House, address: str, kind: str = "") -> list[str]:
    """Give the letters in a mailbox, as text, the oldest first."""
    return [
        mailing.text.fill(message.values)
        for mailing, message in house.post.sent
        if message.to == address and mailing.key.startswith(kind)
    ]


def link(house: House, address: str, page: str) -> str:
    """Give the newest link to a page in a mailbox, as a path."""
    found = re.findall(rf"http://localhost(/{page}/[\w-]+)", "\n".join(inbox(house, address)))
    path: str = found[-1]
    return path


def manage(house: House, address: str, purpose: Purpose = Purpose.MANAGE) -> str:
    """Give the link that opens somebody's preferences."""
    reader = house.reader(address)
    assert reader is not None
    until = house.now + timedelta(hours=24) if purpose is Purpose.MANAGE else None
    sign, person, epoch = house.service.signer.sign, reader.public_id, reader.token_epoch
    return f"/manage/{sign(purpose, person, epoch=epoch, expires=until)}"
