"""Asking many addresses at once whether they answer, each and all together within a time limit.

Asynchronous inside, unlike the rest of the service: only a task can be called off in the middle of
an answer that comes one byte a second.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address

import httpx

from newsletter.content.fetching import (
    MOST_REDIRECTS,
    FetchFailed,
    IpAddress,
    checked,
    is_public,
    resolved,
)
from newsletter.links.answer import Answer

AT_ONCE = 4
"""Addresses asked at the same time; most letters lead to one site, which is not to notice."""

NOT_REACHED = "its turn did not come within the time for all links"

_HEADERS = {"User-Agent": "weekly-verdict (link check)"}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds: for one link with its redirects, and for all together."""

    each: float
    together: float


def ask_all(urls: Sequence[str], patience: Patience) -> list[Answer]:
    """Ask every address once; call it outside any transaction.

    A resolver that is silent can add its own limit, a few seconds, because nothing stops it.

    Args:
        urls: http or https; whatever else comes is answered with a reason.
        patience: the limits.

    Returns:
        One answer for each address, in order.
    """
    return asyncio.run(_ask_all(urls, patience)) if urls else []


async def _ask_all(urls: Sequence[str], patience: Patience) -> list[Answer]:
    answers = {url: Answer(url, None, NOT_REACHED) for url in urls}
    turn = asyncio.Semaphore(AT_ONCE)

    async def ask(url: str) -> None:
        async with turn:
            answers[url] = await _ask(client, url, patience.each)

    async with httpx.AsyncClient(trust_env=False, headers=_HEADERS, timeout=None) as client:  # noqa: S113  limited as a whole
        with suppress(TimeoutError):
            async with asyncio.timeout(patience.together), asyncio.TaskGroup() as tasks:
                for url in answers:
                    tasks.create_task(ask(url))
    return list(answers.values())


async def _ask(client: httpx.AsyncClient, url: str, seconds: float) -> Answer:
    try:
        async with asyncio.timeout(seconds):
            return Answer(url, await _status_in_the_end(client, url))
    except TimeoutError:
        return Answer(url, None, f"no answer within {seconds:g} s")
    except FetchFailed as refused:
        return Answer(url, None, str(refused))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Answer(url, None, str(error)[:200] or type(error).__name__)


async def _status_in_the_end(client: httpx.AsyncClient, url: str) -> int:
    here = checked(url)
    inside = _names_a_place_inside(here)
    for _ in range(MOST_REDIRECTS + 1):
        response = await _head_or_get(client, here, inside=inside)
        if not response.has_redirect_location:
            return response.status_code
        here = checked(str(here.join(response.headers["location"])))
    raise FetchFailed(f"more than {MOST_REDIRECTS} redirects")


async def _head_or_get(
    client: httpx.AsyncClient, url: httpx.URL, *, inside: bool
) -> httpx.Response:
    """Ask for the head; only a GET's word counts against a link, as many pages refuse HEAD."""
    address = await _address(url, inside=inside)
    with suppress(httpx.RemoteProtocolError, httpx.ReadError):
        response = await _send(client, "HEAD", url, address)
        if response.status_code < httpx.codes.BAD_REQUEST:
            return response
    return await _send(client, "GET", url, address)


async def _send(
    client: httpx.AsyncClient, method: str, url: httpx.URL, address: IpAddress
) -> httpx.Response:
    """Ask the very address that was looked at; the body is nobody's business."""
    request = client.build_request(
        method,
        url.copy_with(host=str(address), fragment=None),
        headers={"Host": url.netloc.decode("ascii")},
        extensions={"sni_hostname": url.raw_host.decode("ascii")},
    )
    response = await client.send(request, stream=True)
    await response.aclose()
    return response


async def _address(url: httpx.URL, *, inside: bool) -> IpAddress:
    addresses = await asyncio.to_thread(resolved, url)
    if not inside and not all(map(is_public, addresses)):
        raise FetchFailed(f"{url.host} leads into a private network, where nothing is asked")
    # IPv4 first: where there is no route for IPv6, a connection to it would be called silence.
    return min(addresses, key=lambda address: address.version)


def _names_a_place_inside(url: httpx.URL) -> bool:
    """Say whether the link itself names this machine or a private address, as in a rehearsal.

    Whoever wrote such a link wanted it; a public name never leads, nor redirects, to the inside.
    """
    try:
        return not is_public(ip_address(url.host))
    except ValueError:
        return url.host == "localhost"
