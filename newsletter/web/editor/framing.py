"""A letter in a frame: what a page of ours says to show one, and what the frame itself may not do."""

from fastapi.responses import HTMLResponse

from newsletter.web.guard import EDITORS, security_headers

_POLICY = "Content-Security-Policy"
_SANDBOX = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src {images}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""No script, no form, no origin of ours, nothing loaded: whatever stands in a letter stays in it."""


def may_frame(page: HTMLResponse) -> HTMLResponse:
    """Let a page of ours show a letter in a frame."""
    policy = security_headers(EDITORS)[_POLICY]
    page.headers[_POLICY] = f"{policy}; frame-src 'self'"
    return page


def framed(html: str, *, images: bool = True) -> HTMLResponse:
    """Give a letter for a frame: sandboxed by its own headers too, wherever it is opened."""
    answer = HTMLResponse(html)
    answer.headers[_POLICY] = _SANDBOX.format(images="data:" if images else "'none'")
    return answer
