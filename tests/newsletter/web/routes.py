"""Every route of the application, as whoever tries them all would fill it in."""

import re
from typing import NamedTuple

from fastapi.routing import APIRoute

from newsletter.web.app import DOORS

FILLED = {"token": "x" * 39, "number": "1"}


class Door(NamedTuple):
    """One method of one route."""

    method: str
    template: str

    @property
    def path(self) -> str:
        """The address with something in each gap."""
        return self.filled()

    def filled(self, **values: str) -> str:
        """Give the address with chosen values in its gaps."""
        known = FILLED | values
        return re.sub(r"\{(\w+)(?::\w+)?\}", lambda gap: known.get(gap[1], "x"), self.template)


def doors(*methods: str) -> list[Door]:
    """List the doors of the application, or those for some methods."""
    every = [
        *(
            Door(method, route.path)
            for module in DOORS
            for route in module.router.routes
            if isinstance(route, APIRoute)
            for method in sorted(route.methods or ())
        ),
        Door("GET", "/api/v1/openapi.json"),
    ]
    return [door for door in every if not methods or door.method in methods]
