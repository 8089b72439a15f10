"""Comparisons of invented tools in the JSON form that the importer reads: ordinary and hostile."""

from typing import Any

Comparison = dict[str, Any]

_PARTS = (
    ("Alder", "kiln", "database migrations", "replayed a year of traffic in an afternoon"),
    ("Birch", "loom", "invoice matching", "found two duplicated payments before lunch"),
    ("Cedar", "forge", "voice transcripts", "kept every speaker apart in a noisy kitchen"),
    ("Dogwood", "anvil", "load tests", "broke our cache exactly where we feared"),
    ("Elm", "bench", "design tokens", "renamed forty colours without one stray pixel"),
    ("Fir", "press", "release notes", "wrote what our customers really asked about"),
    ("Ginkgo", "mill", "support queues", "sorted a holiday backlog in ten minutes"),
    ("Hazel", "lathe", "schema drift", "noticed a missing column before the auditors did"),
    ("Ivy", "crane", "model routing", "cut the monthly bill by a third and stayed quick"),
    ("Juniper", "wheel", "code review", "caught a race that four of us had waved through"),
    ("Larch", "chisel", "incident timelines", "put the chat and the graphs in one order"),
    ("Maple", "spindle", "contract reading", "marked the one clause our lawyer worried about"),
)


def ordinary(count: int) -> list[Comparison]:
    """Give that many comparisons, at most twelve, each with four reviews."""
    return [_ordinary(place, parts) for place, parts in enumerate(_PARTS[:count])]


def _ordinary(place: int, parts: tuple[str, str, str, str]) -> Comparison:
    tree, thing, work, deed = parts
    one, two = f"{tree} {thing.title()}", f"{thing.title()} of {tree}"
    praise = f"On {work} it {deed}, and that earns the ship."
    doubt = f"What kills this is a larger vendor adding {work} to a product teams already pay for."
    return _comparison(
        f"{tree.lower()}-{thing}-suite",
        f"{thing}-of-{tree.lower()}-pro",
        _tool(one, f"Looks after {work} while you sleep", (place * 25) % 125, "Free"),
        _tool(two, f"{work.capitalize()}, but on your own machine", (place * 50) % 125, "Paid"),
        [
            ("a", f"{praise} Setting {one} up took an afternoon and one strong coffee."),
            ("b", f"{doubt} The {thing} metaphor wears thin by the second screen of {two}."),
            ("a", f"The problem is the price of {one} beyond ten seats; {work} seldom stay small."),
            ("b", f"{two} is a genuine differentiator for {work}, since nothing leaves the house."),
        ],
    )


_BIDI = "\u202eesrever\u202c \u2067isolated\u2069"
_FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
_SYNTAX = "{{ issue.nonce }} {% raw %} {# c #} ${x} <%= y %> @@email@@ %%{z} {{{ pm:unsubscribe }}}"
_MARKUP = "<b>bold</b> <script>alert(1)</script> <img src=x onerror=alert(1)> ]]> <!-- --> & &copy;"
_QUOTES = "\"straight\" 'single' “curly” ‘curled’ «guillemets» „low“ `tick` \\back\\"
_HIDDEN = "ze\u200bro wi\u2060dth jo\u200diner so\u00adft \ufeffmark"
_ARABIC = "أداة مقارنة ذكية"
_HEBREW = "כלי השוואה"

_NAMES = (
    ("<script>alert('x')</script> & Co", f"{_QUOTES} Ltd"),
    (f"{_SYNTAX}", f"Unclosed {{{{ and @@ and {{% and <% {_FAMILY}"),
    (f"{_ARABIC} {_BIDI}", f"{_HEBREW} {_HIDDEN}"),
    ("Long name of many plain words " * 13 + "and an end", "Q" * 400),
    ("]]> <!-- a --> b", "A\u2028Bcc: somebody@example.org\u2029C"),
    ("Pneumono" + "ultramicroscopic" * 20, "漢字だけの名前" * 40),
)


def hostile() -> list[Comparison]:
    """Give comparisons in which every text tries to be something other than text."""
    return [_hostile(place, names) for place, names in enumerate(_NAMES)]


def _hostile(place: int, names: tuple[str, str]) -> Comparison:
    one, two = names
    words = (_MARKUP, _SYNTAX, f"{_ARABIC} {_BIDI} {_HEBREW}", _QUOTES, _HIDDEN, _FAMILY)[place]
    tagline = (f"{words} " * 40)[:400]
    return _comparison(
        f"hostile-{place}-left-edition",
        f"hostile-{place}-right-edition",
        _tool(one, tagline, 100, f"Free {words}"[:80]),
        _tool(two, "W" * 400, 25, "Paid\u200b & <i>more</i>"),
        [
            ("a", f"Case {place}: the {words} export is honest work, and that earns the ship."),
            ("b", f"What kills this in case {place} is {words} shipping natively next year."),
            ("a", f"Case {place}:\u2028the problem is {words} in each and every log line."),
            ("b", f"Still, {words} is a genuine differentiator for teams in case {place}."),
        ],
    )


def _comparison(
    slug_a: str, slug_b: str, left: Comparison, right: Comparison, said: list[tuple[str, str]]
) -> Comparison:
    places = {"a": 0, "b": 0}
    quotes = []
    for side, text in said:
        places[side] += 1
        quotes.append({"side": side, "position": places[side], "text": text})
    return {
        "slug_a": slug_a,
        "slug_b": slug_b,
        "tool_a": {"slug": slug_a, **left},
        "tool_b": {"slug": slug_b, **right},
        "quotes": quotes,
    }


def _tool(name: str, tagline: str, percent: int, entry: str) -> Comparison:
    return {
        "name": name,
        "category": "Developer Tools",
        "tagline": tagline,
        "panel_percent": percent,
        "community_percent": None if percent == 100 else percent,
        "entry": entry,
        "description": f"{name[:60]} is an invented tool.",
    }
