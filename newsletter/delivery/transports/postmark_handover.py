"""A mailing prepared for one of Postmark's ways in: as a template with values, or in full."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

from newsletter.delivery.message import Mailing
from newsletter.delivery.mime import Composer
from newsletter.delivery.transports.postmark_calls import Prepared
from newsletter.delivery.transports.postmark_mustachio import (
    HTML_BRACE,
    TEXT_BRACE,
    needed_braces,
    without_system_placeholders,
)
from newsletter.delivery.transports.postmark_stencil import Stencil, hole
from newsletter.delivery.transports.postmark_templates import Template
from newsletter.delivery.transports.postmark_values import (
    BATCH,
    DELIVERY,
    MESSAGE_ID,
    TO,
    Values,
    escaped,
    plain,
)
from newsletter.rendering.personal import Marked

Handover = Literal["template", "batch", "bulk"]


def prepare(mailing: Mailing, handover: Handover, stream: str) -> Prepared:
    """Prepare a mailing for a Postmark stream.

    Only a mailing with an HTML part that goes to many is worth a template.

    Raises:
        UnfitMark: when a mark's name cannot be a Postmark placeholder.
        UnsafeHeader: when the sender, the subject or a header could not stand in an e-mail.
    """
    text = without_system_placeholders(mailing.text, TEXT_BRACE)
    html = mailing.html and without_system_placeholders(mailing.html, HTML_BRACE)
    message = _shared(mailing, stream)
    values = _values(mailing, html, text)
    if handover == "batch" or mailing.stream != "broadcast" or html is None:
        message |= _in_full(mailing.subject, html, text)
        return Prepared("/email/batch", b"[", b"]", Stencil.cut(message, values.holes), values)
    template = Template.of(mailing, html, text)
    message |= _from_template(template, html, text)
    stencil = Stencil.cut(message, values.holes)
    frame = ("/email/batchWithTemplates", b'{"Messages":[', b"]}")
    return Prepared(*frame, stencil, values, template)


def _values(mailing: Mailing, html: Marked | None, text: Marked) -> Values:
    in_headers = {name for _, value in mailing.headers for name in value.names}
    return Values(
        composer=Composer(mailing),
        header_marks=tuple(sorted(in_headers)),
        plain_marks=tuple(sorted(in_headers.union(text.names))),
        escaped_marks=tuple(sorted(set(html.names if html else ()))),
    )


def _shared(mailing: Mailing, stream: str) -> dict[str, Any]:
    reply_to = {"ReplyTo": mailing.reply_to} if mailing.reply_to else {}
    return reply_to | {
        "From": mailing.sender,
        "To": hole(TO),
        "Tag": mailing.key,
        "Headers": [{"Name": name, "Value": value} for name, value in _headers(mailing)],
        "Metadata": {"delivery-id": hole(DELIVERY), "batch-id": hole(BATCH)},
        "MessageStream": stream,
        "TrackOpens": False,
        "TrackLinks": "None",
    }


def _headers(mailing: Mailing) -> Iterator[tuple[str, str]]:
    for name, value in mailing.headers:
        yield name, value.fill(_holes(value, plain))
    yield "Message-ID", hole(MESSAGE_ID)
    # Postmark puts its own Message-ID in place of ours unless it is told not to.
    yield "X-PM-KeepID", "true"


def _from_template(template: Template, html: Marked, text: Marked) -> dict[str, Any]:
    model: dict[str, Any] = {"text": _holes(text, plain), "html": _holes(html, escaped)}
    model |= needed_braces(template.subject, template.html, template.text)
    return {"TemplateAlias": template.alias, "TemplateModel": model, "InlineCss": False}


def _in_full(subject: str, html: Marked | None, text: Marked) -> dict[str, Any]:
    bodies = {"Subject": subject, "TextBody": text.fill(_holes(text, plain))}
    return bodies if html is None else bodies | {"HtmlBody": html.fill(_holes(html, escaped))}


def _holes(marked: Marked, kind: Callable[[str], str]) -> dict[str, str]:
    return {name: hole(kind(name)) for name in marked.names}
