"""Who asks: the editor who is signed in, and what a handler demands of them, as annotated dependencies.

A handler that asks for one of these parts answers nobody else: whoever is not signed in is led to
sign in and back again, and whoever has another role is told so.
"""

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from newsletter.editors import sessions
from newsletter.editors.roles import Role, may
from newsletter.editors.sessions import Visit
from newsletter.web.editor.cookies import cookie_of
from newsletter.web.parts import ServicePart, prefers_json

FIRST = "/editor"
"""Where somebody lands who wanted nothing in particular."""

_OWN = re.compile(r"/editor(?:/[A-Za-z0-9_-]{1,40}){0,4}", re.ASCII)
_OF_ISSUE = re.compile(r"/editor/issues/[0-9]{1,10}(?=/)", re.ASCII)
_SIGN_IN = "/editor/sign-in"


class SignInFirst(Exception):
    """Nobody is signed in, or not freshly enough.

    Attributes:
        back: the page of ours to which they want.
        again: whether they are signed in, and have to show once more who they are.
    """

    def __init__(self, request: Request, *, again: bool) -> None:
        super().__init__("sign in first")
        path: str = request.scope["path"]
        is_page = request.method == "GET" and not prefers_json(request)
        self.back = own_page(path if is_page else _page_of(path))
        self.again = again


class NotYourRole(Exception):
    """Somebody is signed in whose role does not open this door.

    Attributes:
        visit: who.
        needed: the role that does.
    """

    def __init__(self, visit: Visit, needed: Role) -> None:
        super().__init__("another role is needed")
        self.visit = visit
        self.needed = needed


def own_page(path: str) -> str:
    """Give a path if it is that of an editors' page to which one can come back, else the first page."""
    ours = _OWN.fullmatch(path) and not path.startswith(_SIGN_IN)
    return path if ours else FIRST


def _page_of(path: str) -> str:
    """Give the page with the form that is sent to a path."""
    of_issue = _OF_ISSUE.match(path)
    return of_issue[0] if of_issue else "/".join(path.split("/")[:3])


def _anybody(request: Request, service: ServicePart) -> Visit | None:
    """Find who asks, and write down that they were seen, once a minute at most."""
    cookie = cookie_of(service)
    token = cookie.token(request) if cookie else None
    if not token:
        return None
    with service.database.reading() as session:
        visit = sessions.find(session, token, now=service.clock())
    if visit and visit.is_news:
        with service.database.writing() as session:
            sessions.seen(session, visit)
    return visit


AnybodyPart = Annotated[Visit | None, Depends(_anybody)]
"""Who is signed in, if somebody is."""


def _of_role(needed: Role) -> Callable[[Request, Visit | None], Visit]:
    def somebody(request: Request, visit: AnybodyPart) -> Visit:
        if visit is None:
            raise SignInFirst(request, again=False)
        if not may(visit.role, needed):
            raise NotYourRole(visit, needed)
        return visit

    return somebody


ViewerPart = Annotated[Visit, Depends(_of_role(Role.VIEWER))]
EditorPart = Annotated[Visit, Depends(_of_role(Role.EDITOR))]
OwnerPart = Annotated[Visit, Depends(_of_role(Role.OWNER))]


def _fresh(request: Request, visit: ViewerPart) -> Visit:
    if not visit.is_fresh:
        raise SignInFirst(request, again=True)
    return visit


FreshPart = Annotated[Visit, Depends(_fresh)]
"""Somebody who signed in within the last ten minutes; asked for beside the part for their role."""
