"""A mailing prepared for one of Postmark's ways in: a template, full bodies, or one body for all."""

from collections.abc import Callable, Iterator
from typing import Any, Literal

import orjson

from newsletter.delivery.message import Mailing
from newsletter.delivery.mime import Composer
from newsletter.delivery.transports.postmark_bulk import read_bulk
from newsletter.delivery.transports.postmark_calls import Prepared
from newsletter.delivery.transports.postmark_headers import without_the_optional
from newsletter.delivery.transports.postmark_mustachio import (
    HTML_BRACE,
    LEAVING,
    LEAVING_LINK,
    TEXT_BRACE,
    without_system_placeholders,
)
from newsletter.delivery.transports.postmark_stencil import Stencil, hole
from newsletter.delivery.transports.postmark_templates import Template
from newsletter.delivery.transports.postmark_tracking import tracking_only
from newsletter.delivery.transports.postmark_unsubscribe import Unsubscribe, left_to_postmark
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

DETOUR = 2_500_000
"""What the further calls for a template weigh: three round trips and Postmark's work, together about
a second, in the bytes that a line of 20 Mbit/s carries in it."""

_FURTHER_CALLS = 3
"""How often the content of a template passes the line: in the trial, in its answer, in the upload."""

Fields = dict[str, Any]


def prepare(
    mailing: Mailing, handover: Handover, stream: str, unsubscribe: Unsubscribe = "custom"
) -> Prepared:
    """Prepare a mailing for a Postmark stream.

    Only a mailing with an HTML part that goes to many is worth a template. A job tells of no copy.

    Raises:
        UnfitMark: when a mark's name cannot be a Postmark placeholder.
        UnsafeHeader: when the sender, the subject or a header could not stand in an e-mail.
    """
    mailing = without_the_optional(mailing)
    if unsubscribe == "postmark" and mailing.stream == "broadcast":
        mailing = left_to_postmark(mailing)
    text = without_system_placeholders(mailing.text, TEXT_BRACE)
    html = mailing.html and without_system_placeholders(mailing.html, HTML_BRACE)
    if html is not None and mailing.tracked:
        html = tracking_only(html, mailing.tracked)
    if handover == "bulk" and mailing.answered:
        handover = "template"
    shared, own = _shared(mailing, stream), _own(mailing)
    values = _values(mailing, html, text)
    if handover == "batch" or mailing.stream != "broadcast" or html is None:
        return _in_full(shared | own, mailing, values, html, text)
    if handover == "template" and _is_cheap_in_full(mailing.copies, html, text):
        return _in_full(shared | own, mailing, values, html, text)
    template = Template.of(mailing, html, text)
    model = template.model.filled(lambda mark: hole(plain(mark)), lambda mark: hole(escaped(mark)))
    own["TemplateModel"] = model | template.braces
    if handover == "bulk":
        return _in_bulk(shared, own, values, template)
    return _by_template(shared | own, values, template)


def _in_full(
    message: Fields, mailing: Mailing, values: Values, html: Marked | None, text: Marked
) -> Prepared:
    message |= {"Subject": mailing.subject, "TextBody": text.fill(_holes(text, plain))}
    if html is not None:
        message["HtmlBody"] = html.fill(_holes(html, escaped, mailing.alike))
    return Prepared("/email/batch", b"[", b"]", Stencil.cut(message, values.holes), values)


def _by_template(message: Fields, values: Values, template: Template) -> Prepared:
    message |= {"TemplateAlias": template.alias, "InlineCss": False}
    frame = ("/email/batchWithTemplates", b'{"Messages":[', b"]}")
    stencil = Stencil.cut(message, values.holes)
    return Prepared(*frame, stencil, values, template, uploads=True)


def _in_bulk(shared: Fields, own: Fields, values: Values, template: Template) -> Prepared:
    # Whether headers given for all and for one are added up is documented nowhere: all are its own.
    opening = orjson.dumps(shared | template.content() | {"InlineCss": False})
    frame = ("/email/bulk", opening.removesuffix(b"}") + b',"Messages":[', b"]}")
    return Prepared(*frame, Stencil.cut(own, values.holes), values, template, read=read_bulk)


def _is_cheap_in_full(copies: int | None, html: Marked, text: Marked) -> bool:
    """Say whether full bodies take no more of the line than a template and what it needs."""
    size = sum(len(part.encode()) for part in (*html.parts, *text.parts))
    return copies is not None and copies * size <= DETOUR + _FURTHER_CALLS * size


def _values(mailing: Mailing, html: Marked | None, text: Marked) -> Values:
    in_headers = {name for _, value in mailing.headers for name in value.names}
    in_text, in_html = set(text.names) - {LEAVING}, set(html.names if html else ()) - {LEAVING}
    return Values(
        composer=Composer(mailing),
        token_marks=tuple(sorted(mailing.tokens & (in_headers | in_text | in_html))),
        header_marks=tuple(sorted(in_headers - mailing.tokens)),
        neutral_marks=tuple(sorted(mailing.neutral & (in_text | in_html))),
        plain_marks=tuple(sorted(in_headers | in_text | in_html & mailing.alike)),
        escaped_marks=tuple(sorted(in_html - mailing.alike)),
    )


def _shared(mailing: Mailing, stream: str) -> Fields:
    reply_to = {"ReplyTo": mailing.reply_to} if mailing.reply_to else {}
    return reply_to | {
        "From": mailing.sender,
        "Tag": mailing.key,
        "MessageStream": stream,
        "TrackOpens": False,
        # Of the text part nothing could be left out: only HTML can say so of a single link.
        "TrackLinks": "HtmlOnly" if mailing.tracked else "None",
    }


def _own(mailing: Mailing) -> Fields:
    return {
        "To": hole(TO),
        "Headers": [{"Name": name, "Value": value} for name, value in _headers(mailing)],
        "Metadata": {"delivery-id": hole(DELIVERY), "batch-id": hole(BATCH)},
    }


def _headers(mailing: Mailing) -> Iterator[tuple[str, str]]:
    for name, value in mailing.headers:
        yield name, value.fill(_holes(value, plain))
    yield "Message-ID", hole(MESSAGE_ID)
    # Postmark puts its own Message-ID in place of ours unless it is told not to.
    yield "X-PM-KeepID", "true"


def _holes(
    marked: Marked, kind: Callable[[str], str], alike: frozenset[str] = frozenset()
) -> dict[str, str]:
    holes = {name: hole(plain(name) if name in alike else kind(name)) for name in marked.names}
    return holes | {LEAVING: LEAVING_LINK}
