"""Rules over the surroundings of an issue: pure, each code beside the sentence that says what to do."""

from collections.abc import Callable, Iterator, Sized
from email.utils import parseaddr

from newsletter.links.answer import Standing
from newsletter.preflight.surroundings import Kind, Page, Surroundings
from newsletter.rendering.checks import Finding
from newsletter.rendering.checks.hosts import is_here

Rule = Callable[[Surroundings], Iterator[Finding]]

LEAST_DIFFERENCE = 10
"""People; on a short list a fifth is a handful of them, and that says nothing."""

_ANSWERED = 200


def settings_changed(around: Surroundings) -> Iterator[Finding]:
    """What stands in the letter is what is configured; a letter half sent keeps what it has."""
    if around.built_with == around.brand:
        return
    told = "it was built with another name, sender or address"
    if around.begun:
        message = f"{told}; those who have it got it so, and going on sends the rest the same"
        yield Finding("settings-changed", "hold", message, "settings")
    else:
        message = f"{told}; build it again: newsletter issue build {around.number}"
        yield Finding("settings-changed", "block", message, "settings")


def letter_altered(around: Surroundings) -> Iterator[Finding]:
    """What leaves is, byte for byte, what the archive, the previews and the checks are made of."""
    if not around.altered:
        return
    told = (
        "it is not what the issue was frozen as; it was changed by hand, or this release has "
        "other templates"
    )
    where = ", ".join(around.altered)
    if around.begun:
        message = f"{told}; look at the preview: going on sends the rest as it is now"
        yield Finding("letter-altered", "hold", message, where)
    else:
        message = f"{told}; build it again: newsletter issue build {around.number}"
        yield Finding("letter-altered", "block", message, where)


def draft_outdated(around: Surroundings) -> Iterator[Finding]:
    """What editors said and pages told after the build is in the letter, or left out knowingly."""
    for change in around.outdated:
        told = f"{change.told}; newsletter issue build {around.number}, or approve it as it is"
        yield Finding("draft-outdated", "hold", told, change.where)


def sender_not_configured(around: Surroundings) -> Iterator[Finding]:
    """It leaves under the From header that is configured."""
    if around.sender != around.brand.sender:
        told = "it would leave under another From than NEWSLETTER_FROM; restart every process"
        yield Finding("sender-not-configured", "block", told, "settings")


def sender_of_nowhere(around: Surroundings) -> Iterator[Finding]:
    """Mail that leaves this machine does not come from one that nobody can answer."""
    domain = parseaddr(around.sender)[1].rpartition("@")[2]
    if around.brand.leaves_host and is_here(domain):
        told = (
            "set NEWSLETTER_FROM to an address of your domain, then: "
            f"newsletter issue build {around.number}"
        )
        yield Finding("sender-of-nowhere", "block", told, "settings")


def editors_missing(around: Surroundings) -> Iterator[Finding]:
    """Somebody hears of it when a Monday is held."""
    if around.editors == 0:
        told = "nobody is told when an issue is held; set NEWSLETTER_EDITORS"
        yield Finding("editors-missing", "note", told, "settings")


def audience_empty(around: Surroundings) -> Iterator[Finding]:
    """There is somebody to send it to."""
    if around.audience == 0:
        told = "no active subscriber would get it; see: newsletter subscribers import"
        yield Finding("audience-empty", "block", told, "audience")


def wishes_unmet(around: Surroundings) -> Iterator[Finding]:
    """It holds something for somebody: a short list may wish for one issue a month, or one tool."""
    if around.audience and not around.is_wanted:
        told = "as wishes are now nobody would get it, and it would stay as it is"
        yield Finding("wishes-unmet", "note", told, "audience")


def audience_fell(around: Surroundings) -> Iterator[Finding]:
    """The list did not shrink overnight, as after a wrong import or a provider's alarm."""
    yield from _outside(around, "audience-fell", -_change(around), around.band.fall, "fewer")


def audience_rose(around: Surroundings) -> Iterator[Finding]:
    """The list did not swell overnight, as after an import of people who never asked."""
    yield from _outside(around, "audience-rose", _change(around), around.band.rise, "more")


def end_too_early(around: Surroundings) -> Iterator[Finding]:
    """An end that is set leaves waves, rate and ramp as long as they take."""
    if around.not_after and around.gone_by and around.gone_by > around.not_after:
        told = (
            f"the last of it leaves at {around.gone_by:%Y-%m-%d %H:%M} UTC, by its waves, the rate "
            "and the ramp; what is left at the end waits for your word, unless you set a later one"
        )
        yield Finding("end-too-early", "note", told, f"{around.not_after:%Y-%m-%d %H:%M} UTC")


def mailed_before(around: Surroundings) -> Iterator[Finding]:
    """A comparison is mailed once; two drafts of two weeks can hold the same one."""
    for item in around.mailed:
        told = (
            f"it went out in issue {item.number}; build this one again: "
            f"newsletter issue build {around.number}"
        )
        yield Finding("mailed-before", "block", told, item.title)


def not_composable(around: Surroundings) -> Iterator[Finding]:
    """The letter becomes a message with safe headers."""
    if around.refusal is not None:
        told = f"no message can be made of it ({around.refusal}); mend that and build it again"
        yield Finding("not-composable", "block", told, "message")


def way_out_closed(around: Surroundings) -> Iterator[Finding]:
    """The provider would take it as the settings are: token, streams, who handles unsubscribing."""
    if around.way_out is not None and around.way_out.needs_operator:
        told = f"nothing of it would be taken (code {around.way_out.code}). {around.way_out.detail}"
        yield Finding("way-out-closed", "block", told, "settings")


def way_out_silent(around: Surroundings) -> Iterator[Finding]:
    """A provider that does not answer now is tried again and again; nothing is lost by it."""
    if around.way_out is not None and not around.way_out.needs_operator:
        told = f"whether it would be taken is not known now. {around.way_out.detail}"
        yield Finding("way-out-silent", "note", told, "settings")


def unsubscribe_unanswered(around: Surroundings) -> Iterator[Finding]:
    """The way out that the letter shows opens for a reader's own token."""
    yield from _unanswered(around, "unsubscribe")


def one_click_unanswered(around: Surroundings) -> Iterator[Finding]:
    """The button that mailbox providers press for a reader works (RFC 8058)."""
    yield from _unanswered(around, "one-click")


def preferences_unanswered(around: Surroundings) -> Iterator[Finding]:
    """The page of preferences opens for a reader's own token."""
    yield from _unanswered(around, "preferences")


def vote_unanswered(around: Surroundings) -> Iterator[Finding]:
    """Every vote link opens its match-up for a reader's own token."""
    yield from _unanswered(around, "vote")


def page_unanswered(around: Surroundings) -> Iterator[Finding]:
    """Every other page of this service that the letter leads to is there."""
    yield from _unanswered(around, "page")


def link_dead(around: Surroundings) -> Iterator[Finding]:
    """Other hosts have what the letter says they have."""
    for link in around.links:
        if link.standing is Standing.DEAD:
            told = (
                f"it answers {link.status}; bring the page back, or let an editor send the issue "
                "all the same"
            )
            yield Finding("link-dead", "hold", told, link.url)


def link_silent(around: Surroundings) -> Iterator[Finding]:
    """A host that does not answer now may well answer the readers; one cause is told once."""
    causes: dict[str, list[str]] = {}
    for link in around.links:
        if link.standing is Standing.SILENT:
            causes.setdefault(link.detail or f"it answers {link.status}", []).append(link.url)
    for said, urls in causes.items():
        told = f"{said}; open it in a browser"
        yield Finding("link-silent", "note", told, urls[0] + _and_more(urls))


RULES: tuple[Rule, ...] = (
    settings_changed,
    letter_altered,
    draft_outdated,
    sender_not_configured,
    sender_of_nowhere,
    editors_missing,
    audience_empty,
    wishes_unmet,
    audience_fell,
    audience_rose,
    end_too_early,
    mailed_before,
    not_composable,
    way_out_closed,
    way_out_silent,
    unsubscribe_unanswered,
    one_click_unanswered,
    preferences_unanswered,
    vote_unanswered,
    page_unanswered,
    link_dead,
    link_silent,
)


def look_around(around: Surroundings) -> list[Finding]:
    """Give what every rule finds, in the order of the rules."""
    return [finding for rule in RULES for finding in rule(around)]


def _change(around: Surroundings) -> int:
    return around.audience - around.last.audience if around.last and around.audience else 0


def _unanswered(around: Surroundings, kind: Kind) -> Iterator[Finding]:
    pages = [page for page in around.pages if page.kind == kind]
    failed = [page for page in pages if page.status != _ANSWERED or page.lacks]
    if failed:
        told = (
            f"this service answers {_said(failed[0])}; bring the page back, "
            "or take the link out of the template and build it again"
        )
        yield Finding(f"{kind}-unanswered", "block", told, failed[0].shown + _and_more(failed))


def _and_more(all_of_them: Sized) -> str:
    return f" and {len(all_of_them) - 1} more" if len(all_of_them) > 1 else ""


def _said(page: Page) -> str:
    if page.status == _ANSWERED:
        return f"with a page that has no place called {page.lacks}"
    return f"{page.status} instead of {_ANSWERED}"


def _outside(
    around: Surroundings, code: str, difference: int, most_percent: float, word: str
) -> Iterator[Finding]:
    if around.last is None or difference < LEAST_DIFFERENCE:
        return
    if difference * 100 > around.last.audience * most_percent:
        told = (
            f"{around.audience} would get it, {difference} {word} than issue {around.last.number} "
            "went to; if that is right, an editor may send the issue all the same"
        )
        yield Finding(code, "hold", told, "audience")
