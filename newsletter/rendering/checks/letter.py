"""A letter opened for checking: personalised for one sample subscriber, its HTML read once."""

import html as html_escapes
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr

from newsletter.content.comparison import Side
from newsletter.rendering.checks.cascade import Element, elements
from newsletter.rendering.checks.html_part import HtmlPart
from newsletter.rendering.checks.media import Scene
from newsletter.rendering.checks.sayings import Sayings
from newsletter.rendering.checks.sight import SeenText, told
from newsletter.rendering.dates import LANGUAGES, long_date
from newsletter.rendering.personal import mark
from newsletter.rendering.rendered import Rendered
from newsletter.rendering.views import Brand, Card, IssueView

LONGEST_ADDRESS = f"{'&' * 64}@{'d' * 189}"
"""As long as an address may be (254), and as long as it can get when it is escaped for HTML."""

_URL = re.compile(r"https?://\S+")
_BEHIND_A_LINK = "”’\"').,:;…"


@dataclass(frozen=True, slots=True)
class Letter:
    """What the rules look at.

    Attributes:
        view: what the letter was rendered from.
        brand: the brand as configured now.
        marks: a sample value for each known mark.
        nonce: by which marks are known.
        subject: the same for everybody.
        preheader: the same for everybody.
        headers: of the composed message by name, as one subscriber gets them; may be empty.
        html: the HTML part as one subscriber gets it.
        text: the text part as one subscriber gets it.
        heaviest: bytes of the HTML for the subscriber with the longest values.
        page: the HTML part, read.
        elements: the HTML's elements with their style.
        text_links: where the text part leads; an address that somebody wrote is only words.
        sayings: what the view says, to be told from what the templates say.
    """

    view: IssueView
    brand: Brand
    marks: Mapping[str, str]
    nonce: str
    subject: str
    preheader: str
    headers: Mapping[str, str]
    html: str
    text: str
    heaviest: int
    page: HtmlPart
    elements: tuple[Element, ...]
    text_links: tuple[str, ...]
    sayings: Sayings
    _seen: dict[Scene, tuple[SeenText, ...]] = field(default_factory=dict)

    @classmethod
    def opened(
        cls,
        rendered: Rendered,
        view: IssueView,
        *,
        marks: Mapping[str, str],
        brand: Brand,
        headers: Mapping[str, str],
    ) -> "Letter":
        """Fill the known marks, leave all others standing, and read the HTML."""
        html = _filled(rendered.html, rendered.nonce, _escaped(marks))
        longest = {**marks, "email": LONGEST_ADDRESS, "date": _longest_date(view)}
        text = _filled(rendered.text, rendered.nonce, marks)
        page = HtmlPart.read(html)
        sayings = Sayings.of(view, brand, [*marks.values(), parseaddr(brand.sender)[0]])
        return cls(
            view=view,
            brand=brand,
            marks=marks,
            nonce=rendered.nonce,
            subject=rendered.subject,
            preheader=rendered.preheader,
            headers=headers,
            html=html,
            text=text,
            heaviest=len(_filled(rendered.html, rendered.nonce, _escaped(longest)).encode()),
            page=page,
            elements=elements(page.tree),
            text_links=tuple(_links(text, sayings)),
            sayings=sayings,
        )

    def personal_url(self, page: str, mark_name: str) -> str:
        """Give an address of this service with the sample subscriber's own token."""
        return f"{self.brand.base_url}/{page}/{self.marks.get(mark_name, '')}"

    def vote_url(self, card: Card, side: Side) -> str:
        """Where the sample subscriber votes for one side of a card."""
        return f"{self.personal_url('vote', 'vote')}?{side}={self.view.place_of(card)}"

    @property
    def unsubscribe_url(self) -> str:
        """Where the sample subscriber would unsubscribe."""
        return self.personal_url("unsubscribe", "unsubscribe")

    @property
    def inbox(self) -> tuple[tuple[str, str], ...]:
        """Everything that is no part, by name: subject, preheader and all headers."""
        return ("subject", self.subject), ("preheader", self.preheader), *self.headers.items()

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        """Everything that has no markup, by name: the text part and what the inbox shows."""
        return ("text", self.text), *self.inbox

    @property
    def spoken(self) -> tuple[tuple[str, str], ...]:
        """The words of both parts by name, blanks collapsed; an empty part is left out."""
        parts = (("html", self.page.said), ("text", " ".join(self.text.split())))
        return tuple((where, words) for where, words in parts if words)

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts that hold anything, by name."""
        return ("html", "text") if self.text.strip() else ("html",)

    @property
    def cards_in_full(self) -> tuple[Card, ...]:
        """The cards that were not made rows for want of room."""
        anchored = tuple(card for card in self.view.cards if card.anchor in self.page.ids)
        return anchored or self.view.cards

    def seen(self, scene: Scene) -> tuple[SeenText, ...]:
        """Give every visible piece of text in a scene."""
        return tuple(text for text in self.told(scene) if text.is_seen)

    def told(self, scene: Scene) -> tuple[SeenText, ...]:
        """Give every piece of text in a scene, also those that nobody sees; worked out once."""
        if scene not in self._seen:
            self._seen[scene] = tuple(told(self.elements, scene, knows_dark=self._knows_dark))
        return self._seen[scene]

    @property
    def _knows_dark(self) -> bool:
        schemes = self.page.tree.css('meta[name="color-scheme"]')
        return any("dark" in (scheme.attributes.get("content") or "") for scheme in schemes)


def _longest_date(view: IssueView) -> str:
    """Give the issue's date in the language that takes the most bytes for it."""
    return max(
        (long_date(view.date, one) for one in LANGUAGES), key=lambda said: len(said.encode())
    )


def _links(text: str, sayings: Sayings) -> Iterator[str]:
    for token in text.split():
        if _URL.match(token) and not sayings.hold(token.rstrip(_BEHIND_A_LINK)):
            yield token


def _filled(part: str, nonce: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        part = part.replace(mark(nonce, name), value)
    return part


def _escaped(values: Mapping[str, str]) -> Mapping[str, str]:
    return {name: html_escapes.escape(value) for name, value in values.items()}
