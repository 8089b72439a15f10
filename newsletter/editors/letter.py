"""The letter with the link by which an editor signs in: written, and its link made, when it leaves."""

from datetime import datetime, timedelta
from functools import cache

from sqlmodel import Session

from newsletter.delivery.letterhead import Letterhead
from newsletter.delivery.message import Mailing, Message
from newsletter.editors import accounts, links
from newsletter.notices.letters import LinkOrder, Written
from newsletter.rendering.personal import Marked
from newsletter.rendering.single import Single, render_single
from newsletter.rendering.views import Brand

KEY = "sign_in"
"""Of the mailing; also the name of the folder with its words."""

WAITS = timedelta(hours=1)
"""Who asked longer ago has given up, or found another way."""


def write(
    session: Session, order: LinkOrder, letterhead: Letterhead, brand: Brand, *, now: datetime
) -> Written | None:
    """Write the letter; None when there is no such editor, or it comes too late.

    Args:
        session: a writing session; the link is kept in it.
        order: who asked, and when.
        letterhead: in whose name it goes out.
        brand: whose newsletter it is.
        now: aware.
    """
    editor = accounts.by_hidden_key(session, order.whose)
    if editor is None or now - order.asked_at > WAITS:
        return None
    single = _rendered(brand)
    mailing = Mailing(
        key=KEY,
        sender=letterhead.address,
        reply_to=letterhead.reply_to,
        subject=single.subject,
        headers=(("Auto-Submitted", Marked.plain("auto-generated")),),
        text=single.text,
        html=single.html,
        stream="transactional",
    )
    token = links.make(session, editor, now=now, back=order.back)
    return mailing, Message(f"{KEY}.{order.name}", editor.email, {"link": token})


@cache
def _rendered(brand: Brand) -> Single:
    minutes = links.GOOD_FOR // timedelta(minutes=1)
    return render_single(KEY, frozenset({"link"}), brand=brand, minutes=minutes)
