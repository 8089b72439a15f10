"""The links of a letter are tried: remembered answers first, the network for the rest."""

from collections.abc import Collection
from datetime import datetime

from newsletter.database import Database
from newsletter.links import memory
from newsletter.links.answer import Answer
from newsletter.links.asking import Patience, ask_all


def try_links(
    database: Database, urls: Collection[str], *, patience: Patience, now: datetime
) -> list[Answer]:
    """Give what each address answers, asking the network for nothing that is still believed.

    The network is asked outside any transaction: on SQLite a slow server would stop every writer.

    Args:
        database: where answers are remembered.
        urls: addresses outside this service.
        patience: how long to wait.
        now: the instant from which answers age.

    Returns:
        One answer for each address, in order.
    """
    if not urls:
        return []
    with database.reading() as session:
        known = memory.recall(session, urls, now)
    asked = ask_all([url for url in urls if url not in known], patience)
    if asked:
        with database.writing() as session:
            memory.remember(session, asked, now)
    answers = known | {answer.url: answer for answer in asked}
    return [answers[url] for url in dict.fromkeys(urls)]
