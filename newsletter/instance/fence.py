"""The fence: which installation a database belongs to; a restored or copied one sends nothing.

The database names its installation and counts the issues that have begun to leave from it. Each
host keeps both in a small file of its own. What does not fit together is a copy, a move or a
restored backup, and only a person can say which of two databases goes on: until then nothing leaves.
"""

import secrets
from dataclasses import dataclass

from sqlmodel import Session

from newsletter.database import Database, insert_into
from newsletter.errors import NewsletterError
from newsletter.instance import store
from newsletter.instance.memory import Memory
from newsletter.instance.rules import Known, moved, objection
from schedules.clock import Clock


class PassiveInstance(NewsletterError):
    """This host may not send from this database."""

    code = "passive-instance"


@dataclass(frozen=True, slots=True)
class Fence:
    """Stands between this host's sender and a database that is not its own."""

    database: Database
    memory: Memory
    clock: Clock

    def settle_in(self) -> None:
        """Name an installation that starts for the first time; of several starts one wins."""
        with self.database.reading() as session:
            found, origin = store.found(session)
        if found is not None:
            if origin is None:
                self._note_origin()
            return
        if self.memory.recall() is None:
            self.memory.introduce(Known(secrets.token_hex(6), 0))
        host = self.memory.recall()
        if host is None or objection(None, host):
            return
        begun = {"id": store.ROW, "name": host.name, "generation": 0, "adopted_at": self.clock()}
        with self.database.writing() as session:
            named = insert_into(session, store.Instance).values(
                origin=store.origin_of(session), **begun
            )
            session.execute(named.on_conflict_do_nothing(index_elements=["id"]))

    def objection(self) -> str | None:
        """Say why nothing may leave from here; None when it may. Changes nothing."""
        with self.database.reading() as session:
            return _objection(session, *store.found(session), self.memory.recall())

    def may_send(self) -> str | None:
        """Say the same, and remember first what a later look is to be measured by.

        Nothing of an issue leaves before its host has written down that it began: so a backup from
        before it is told apart, whenever this process dies.
        """
        host = self.memory.recall()
        with self.database.reading() as session:
            found, origin = store.found(session)
            because = _objection(session, found, origin, host)
        if because is None and found is not None and found != host:
            self.memory.keep(found)
        return because

    def begin(self, session: Session) -> None:
        """Count an issue that begins to leave, in its transaction.

        Raises:
            PassiveInstance: when this host may not send from this database.
        """
        row = store.locked(session)
        origin = row.origin if row else None
        if because := _objection(session, store.known(row), origin, self.memory.recall()):
            raise PassiveInstance(because)
        if row is not None:
            row.generation += 1
            session.add(row)

    def adopt(self, session: Session) -> Known:
        """Make this host the owner of the database of a session.

        The host remembers it before the commit: a process that dies in between leaves a database
        from which nothing leaves, and which is adopted again.
        """
        row, host = store.locked(session), self.memory.recall()
        known = [side.generation for side in (store.known(row), host) if side]
        owner = Known(host.name if host else secrets.token_hex(6), max(0, *known) + 1)
        self.memory.keep(owner)
        row = row or store.Instance(name=owner.name, adopted_at=self.clock())
        row.name, row.generation, row.adopted_at = owner.name, owner.generation, self.clock()
        row.origin = store.origin_of(session)
        session.add(row)
        return owner

    def _note_origin(self) -> None:
        """Write down where the table of an earlier release is."""
        with self.database.writing() as session:
            row = store.locked(session)
            if row is not None and row.origin is None:
                row.origin = store.origin_of(session)


def uncounted(_session: Session) -> None:
    """Count nothing: a desk without a fence."""


def _objection(
    session: Session, found: Known | None, origin: str | None, host: Known | None
) -> str | None:
    because = objection(found, host)
    return because or (moved(origin, store.origin_of(session)) if origin else None)
