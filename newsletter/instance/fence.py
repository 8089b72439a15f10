"""The fence: which installation a database belongs to; a restored or copied one sends nothing.

The database names its installation and has a generation, which grows when an issue begins to leave
and now and then while letters do. Each host keeps both in a small file of its own. What does not fit
together is a copy, a move or a restored backup, and only a person can say which of two databases
goes on: until then nothing leaves.
Nor does it from a host whose secret keys are not those of the database.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session

from newsletter.database import Database, insert_into
from newsletter.errors import NewsletterError
from newsletter.instance import keys, store
from newsletter.instance.memory import Memory
from newsletter.instance.rules import Known, is_anothers, moved, objection, share
from schedules.clock import Clock

EVERY = timedelta(minutes=1)
"""A copy is told from its database once letters have left for so long since it was made."""


class PassiveInstance(NewsletterError):
    """This host may not send from this database."""

    code = "passive-instance"


class StrangeKeys(NewsletterError):
    """This host does not have the secret keys of the database that it was to adopt."""

    code = "strange-keys"


@dataclass(slots=True)
class Fence:
    """Stands between this host's sender and a database that is not its own.

    Attributes:
        database: whose it is, is asked.
        memory: what this host knows of its installation.
        clock: the present instant.
        ring: the fingerprints of this host's secret keys, worked out once.
        pepper: hides addresses on this host; the oldest of its keys gives it.
        outdated_at: when this process last made older what had been copied.
    """

    database: Database
    memory: Memory
    clock: Clock
    ring: keys.Ring
    pepper: bytes
    outdated_at: datetime | None = field(default=None, init=False)

    def settle_in(self) -> None:
        """Name an installation that starts for the first time; of several starts one wins.

        The owner of one that is named already brings its secret keys up to date there.
        """
        with self.database.reading() as session:
            found = store.found(session)
        if found.known is not None:
            if found.origin is None:
                self._note_origin()
            if keys.brings(found.ring, self.ring):
                self._note_keys()
            return
        if self.memory.recall() is None:
            self.memory.introduce(Known(secrets.token_hex(6), 0))
        host = self.memory.recall()
        if host is None or objection(None, host):
            return
        begun = {"id": store.ROW, "name": host.name, "generation": 0, "adopted_at": self.clock()}
        with self.database.writing() as session:
            named = insert_into(session, store.Instance).values(
                origin=store.origin_of(session), fingerprints=store.written(self.ring), **begun
            )
            session.execute(named.on_conflict_do_nothing(index_elements=["id"]))

    def objection(self) -> str | None:
        """Say why nothing may leave from here; None when it may. Changes nothing."""
        # First: another process may bring the database on between the two looks.
        host = self.memory.recall()
        with self.database.reading() as session:
            return self._objection(session, store.found(session), host)

    def strange_keys(self) -> str | None:
        """Say what is wrong with this host's secret keys, whoever owns the database."""
        with self.database.reading() as session:
            return keys.strange(store.found(session).ring, self.ring)

    def behind(self) -> str | None:
        """Say what a change of keys still lacks on this host; None when nothing."""
        with self.database.reading() as session:
            return keys.behind(store.found(session).ring, self.ring)

    def lost_keys(self) -> str | None:
        """Say what would be lost if this host went on with the keys it has; None when nothing."""
        with self.database.reading() as session:
            return keys.lost(store.found(session).ring, self.ring)

    def hides_anew(self, session: Session) -> bool:
        """Say whether this host hides addresses by another key than its database does.

        Args:
            session: for writing; nobody else changes the keys before its end.
        """
        ring = store.of_row(store.locked(session)).ring
        return ring is not None and ring[-1] != self.ring[-1]

    def how_to_share(self) -> str | None:
        """Say what lets this host work beside those that own the database; None when it owns it, too."""
        with self.database.reading() as session:
            known, _, ring = store.found(session)
        if known and is_anothers(known, self.memory.recall()):
            return share(known)
        return keys.strange(ring, self.ring)

    def may_send(self) -> str | None:
        """Say what ``objection`` does, and remember first what a later look is to be measured by.

        Nothing of an issue leaves before its host has written down that it began: so a backup from
        before it is told apart, whenever this process dies.
        """
        host = self.memory.recall()
        with self.database.reading() as session:
            found = store.found(session)
            because = self._objection(session, found, host)
        if because is None and found.known is not None and found.known != host:
            self.memory.keep(found.known)
        return because

    def begin(self, session: Session) -> None:
        """Count an issue that begins to leave, in its transaction.

        Raises:
            PassiveInstance: when this host may not send from this database.
        """
        row = store.locked(session)
        if because := self._objection(session, store.of_row(row), self.memory.recall()):
            raise PassiveInstance(because)
        if row is not None:
            row.generation += 1
            session.add(row)

    def outdate_copies(self) -> None:
        """Make the copies of the database that exist older than it is, once a minute at most.

        A copy that is put back while its issue still leaves would send again what has left since it
        was made. So this is done before letters leave, and the host remembers it before they do.
        """
        now = self.clock()
        if self.outdated_at is not None and abs(now - self.outdated_at) < EVERY:
            return
        with self.database.writing() as session:
            row = store.locked(session)
            if row is None or self._objection(session, store.of_row(row), self.memory.recall()):
                return
            row.generation += 1
            known = Known(row.name, row.generation)
        self.memory.keep(known)
        self.outdated_at = now

    def adopt(self, session: Session, *, without_old_key: bool = False) -> Known:
        """Make this host the owner of the database of a session.

        The host remembers it before the commit: a process that dies in between leaves a database
        from which nothing leaves, and which is adopted again.

        Args:
            session: for writing.
            without_old_key: a person's word that keys which this host does not have are lost.

        Raises:
            StrangeKeys: when this host does not have the keys of the database, without that word.
        """
        row, host = store.locked(session), self.memory.recall()
        found = store.of_row(row)
        because = keys.strange(found.ring, self.ring)
        if because and not without_old_key:
            raise StrangeKeys(because)
        known = [side.generation for side in (found.known, host) if side]
        owner = Known(host.name if host else secrets.token_hex(6), max(0, *known) + 1)
        self.memory.keep(owner)
        row = row or store.Instance(name=owner.name, adopted_at=self.clock())
        row.name, row.generation, row.adopted_at = owner.name, owner.generation, self.clock()
        row.origin = store.origin_of(session)
        if without_old_key or keys.brings(found.ring, self.ring):
            row.fingerprints = store.written(self.ring)
        session.add(row)
        return owner

    def _note_origin(self) -> None:
        """Write down where the table of an earlier release is."""
        with self.database.writing() as session:
            row = store.locked(session)
            if row is not None and row.origin is None:
                row.origin = store.origin_of(session)

    def _note_keys(self) -> None:
        """Write down the keys of a host that may send from here: one that may not has no say."""
        with self.database.writing() as session:
            row = store.locked(session)
            found = store.of_row(row)
            if row is None or self._objection(session, found, self.memory.recall()):
                return
            if keys.brings(found.ring, self.ring):
                row.fingerprints = store.written(self.ring)

    def _objection(self, session: Session, found: store.Found, host: Known | None) -> str | None:
        known, origin, ring = found
        return (
            objection(known, host, is_shared=store.is_shared(session))
            or (moved(origin, store.origin_of(session)) if origin else None)
            or keys.strange(ring, self.ring)
        )


def uncounted(_session: Session) -> None:
    """Count nothing: a desk without a fence."""
