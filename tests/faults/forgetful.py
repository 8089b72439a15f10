"""A line to PostgreSQL on which the answer to one COMMIT is lost: did it happen, or not?"""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsletter.database import Database
from tests.faults.grounds import Ground, not_now

_COMMIT = b"COMMIT\0"


class ForgetfulLine:
    """Carries every connection to the server, and breaks the one on which the nth COMMIT is sent.

    The server gets it and carries it out; the client never hears of it.

    Args:
        folder: gets the socket at which it listens.
        server: path of the server's own socket.
    """

    def __init__(self, folder: Path, server: str) -> None:
        self._server = server
        self._nth = 0
        self.commits = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / ".s.PGSQL.5432"))
        self.listener.listen()

    def forget(self, nth: int) -> None:
        """Count anew, and break at the nth COMMIT of all connections together (1 …); 0: at none."""
        self._nth, self.commits = nth, 0

    def carry(self) -> None:
        """Carry connections until the listener is shut."""
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._carry_one, args=(client,)).start()

    def _carry_one(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(self._server)
            while self._carry_some(client, server):
                pass

    def _carry_some(self, client: socket.socket, server: socket.socket) -> bool:
        """Carry what there is to carry; False when the connection is over."""
        readable, _, _ = select.select([client, server], [], [])
        if server in readable:
            told = server.recv(65_536)
            client.sendall(told)
            return bool(told)
        said = client.recv(65_536)
        server.sendall(said)
        if _COMMIT not in said:
            return bool(said)
        self.commits += 1
        if self.commits != self._nth:
            return True
        server.recv(65_536)  # it is done, and nobody will know
        return False


@contextmanager
def forgetful_line(ground: Ground, folder: Path) -> Iterator[tuple[Ground, ForgetfulLine]]:
    """Give the same ground at the end of such a line, and the line."""
    url = ground.database.engine.url
    line = ForgetfulLine(folder, f"{url.query['host']}/.s.PGSQL.5432")
    thread = threading.Thread(target=line.carry)
    thread.start()
    through = url.set(query={"host": str(folder)}).render_as_string(hide_password=False)
    try:
        yield Ground(Database(through, wait=not_now), ground.kept), line
    finally:
        with suppress(OSError):
            line.listener.shutdown(socket.SHUT_RDWR)
        line.listener.close()
        thread.join()
