"""Imports every module that declares tables, so that the metadata is whole."""

from sqlmodel import SQLModel

import newsletter.clicks.models
import newsletter.content.catalogue.models
import newsletter.corrections.models
import newsletter.delivery.models
import newsletter.editions.models
import newsletter.editors.models
import newsletter.feedback.models
import newsletter.instance.store
import newsletter.issues.models
import newsletter.links.models
import newsletter.notices.rows
import newsletter.sign_up.models
import newsletter.votes.models
import schedules.models
import subscribers.import_log
import subscribers.models

metadata = SQLModel.metadata


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out of every comparison what no model declares.

    The tables of the workers' jobs (see ``newsletter.jobs``), and an index that PostgreSQL could not
    have (see ``subscribers.queries.wishes``).
    """
    if kind == "index":
        return name != "ix_subscribers_wishes"
    return kind != "table" or not (name or "").startswith("procrastinate_")
