"""Getting one page over http or https, without being led into private networks.

The name is resolved once, every address of it must be public, and the connection goes to that
very address, so that a name server which changes its answer gains nothing.
"""

import ipaddress
import socket
import time
from collections.abc import Iterator
from typing import ClassVar

import httpx

from newsletter.content.pages.documents import Document
from newsletter.errors import NewsletterError

MOST_BYTES = 5 * 1024 * 1024
MOST_REDIRECTS = 5
MOST_SECONDS = 10.0

_PORTS = {"http": 80, "https": 443}
_TYPES = (
    "text/",
    "application/json",
    "application/xhtml+xml",
    "application/xml",
    "application/octet-stream",  # "unknown": what is in it decides
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class FetchFailed(NewsletterError):
    """The page could not be fetched; save it and import the file."""

    code: ClassVar[str] = "fetch-failed"


def fetch(address: str, *, allow_private: bool = False) -> Document:
    """Fetch a page, following at most five redirects, each checked like the first address.

    Args:
        address: http or https, without a user name.
        allow_private: also connect to loopback and private networks, on any port.

    Returns:
        The body as UTF-8, with the address at which it was found in the end.

    Raises:
        FetchFailed: refused, unreachable, slower than 10 seconds, larger than 5 MB unpacked,
            or not text. The time is looked at before each step and after each piece received.
    """
    deadline = time.monotonic() + MOST_SECONDS
    url = checked(address)
    with httpx.Client(trust_env=False, follow_redirects=False) as client:
        for _ in range(MOST_REDIRECTS + 1):
            response, body = _get(client, url, deadline=deadline, allow_private=allow_private)
            if response.next_request is None:
                return Document(address, _decoded(response, body), address=str(url))
            url = checked(str(url.join(response.headers["location"])))
    raise FetchFailed(f"more than {MOST_REDIRECTS} redirects; import the page they should lead to")


def checked(address: str) -> httpx.URL:
    """Read an address that may be asked at all.

    Raises:
        FetchFailed: not http or https, without a host, or with a user name in it.
    """
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise FetchFailed(f"not a valid address: {error}") from error
    if url.scheme not in _PORTS or not url.host:
        raise FetchFailed("only http:// and https:// addresses can be fetched")
    if url.userinfo:
        raise FetchFailed("addresses with a user name or password are not fetched; save the page")
    return url


def _get(
    client: httpx.Client, url: httpx.URL, *, deadline: float, allow_private: bool
) -> tuple[httpx.Response, bytes]:
    """Try the checked addresses of the host in turn, as they may be of two families."""
    failure: httpx.HTTPError | None = None
    for ip in _addresses(url, allow_private=allow_private):
        request = client.build_request(
            "GET",
            url.copy_with(host=str(ip)),
            headers={"Host": url.netloc.decode("ascii"), "Accept-Encoding": "gzip"},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
            timeout=_remaining(deadline),
        )
        try:
            response = client.send(request, stream=True)
            return response, b"".join(_pieces(response, deadline))
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            failure = error
        except httpx.HTTPError as error:
            raise FetchFailed(f"{url.host} did not answer properly: {error}") from error
    raise FetchFailed(f"no connection to {url.host}: {failure}")


def _addresses(url: httpx.URL, *, allow_private: bool) -> list[IpAddress]:
    port = url.port or _PORTS[url.scheme]
    addresses = resolved(url)
    if allow_private:
        return addresses
    if port not in _PORTS.values():
        raise FetchFailed(f"port {port} is fetched from only with --allow-private")
    if not addresses or not all(is_public(ip) for ip in addresses):
        raise FetchFailed(
            f"{url.host} is not on the public internet; it is fetched only with --allow-private"
        )
    return addresses


def resolved(url: httpx.URL) -> list[IpAddress]:
    """Give the addresses of the host, each once, in the resolver's order.

    Raises:
        FetchFailed: when the name is not known.
    """
    port = url.port or _PORTS[url.scheme]
    try:
        found = socket.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchFailed(f"the host {url.host} is not known; check the address") from error
    return list(dict.fromkeys(ipaddress.ip_address(str(row[4][0])) for row in found))


def is_public(ip: IpAddress) -> bool:
    """Say whether an address is on the public internet, looking into addresses that wrap another."""
    inner: IpAddress | None = None
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(inner)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _pieces(response: httpx.Response, deadline: float) -> Iterator[bytes]:
    """Give the unpacked body of a good answer; a redirect's body is nobody's business."""
    try:
        if response.next_request is not None:
            return
        _check_answer(response)
        size = 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > MOST_BYTES:
                raise FetchFailed(f"larger than {MOST_BYTES:,} bytes; this is no comparison page")
            _remaining(deadline)
            yield piece
    finally:
        response.close()


def _check_answer(response: httpx.Response) -> None:
    if response.status_code != httpx.codes.OK:
        raise FetchFailed(
            f"the server answered {response.status_code} {response.reason_phrase}; "
            "check the address, or save the page and import the file"
        )
    kind = response.headers.get("content-type", "text/").strip().casefold()
    if not kind.startswith(_TYPES):
        raise FetchFailed(f"the server sent “{kind}”, which is no page and no JSON")


def _remaining(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise FetchFailed(
            f"slower than {MOST_SECONDS:.0f} seconds; save the page and import the file"
        )
    return left


def _decoded(response: httpx.Response, body: bytes) -> bytes:
    """Give the body as UTF-8 when the server named another encoding that Python knows."""
    charset = response.charset_encoding
    if charset is None or charset.casefold().replace("_", "-") in {"utf-8", "utf8"}:
        return body
    try:
        return body.decode(charset, errors="replace").encode()
    except LookupError:
        return body
