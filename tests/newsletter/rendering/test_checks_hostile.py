"""Whatever a page says, a letter that tells it faithfully is never stopped for it."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.content.verdicts.sentences import clean
from newsletter.rendering.checks import check
from newsletter.rendering.letter import render
from tests.newsletter.rendering.samples import BRAND, MARKS, NONCE, Item, Said, item, tool, view

PIECES = [
    "<b>", "</mj-text>", "<mj-raw>", "<script>", "<!--[if mso]>", "<![endif]-->", "-->", "<%", "%>",
    "&", "&amp;", "&#x3c;", '"', "'", "“", "”", "`", "]]>", "[[", "]]", "{{", "}}", "{%", "%}", "{#",
    "${x}", "#{x}", "%%x%%", "*|NAME|*", "[[name]]", "@@", "@@email@@", "@@k3x9", "%s", "\\1",
    "\u200b", "\u2060", "\ufeff", "\u202e", "\u00ad", "א", "שלום", "مرحبا", "👩\u200d💻", "🚀", "é",
    "None", "null", "NaN", "undefined", "0%", "75%", "100 %", "7", "12", "3 of 4", "vs", "for",
    "Against", "Reviewer 1 of 4", "Read more", "here", "Free", "must pay", "https://a.example/x",
    "http://bit.ly/1", "mailto:x", "lorem", "TODO", ".", ",", ":", "(", ")", "-", " ", " ", "A", "bee",
]  # fmt: skip
WORDS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)
ANYTHING = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
LONG = st.integers(min_value=200, max_value=400).map(lambda length: "N" * length)
SAID = WORDS | ANYTHING | LONG
QUOTED = SAID.map(lambda words: f"{clean(words)}.")
SHARE = st.none() | st.sampled_from([0, 25, 50, 75, 100])
MEANT = {"size-over-limit", "quote-not-in-source"}
"""What such words may rightly stop: too much of them, and quotes of which nothing can be seen."""


@st.composite
def match_ups(draw: st.DrawFn) -> Item:
    number = draw(st.integers(min_value=0, max_value=10**9))
    names = draw(st.tuples(SAID, SAID))
    a, b = (
        tool(
            f"{side}-{number}",
            f"T{name}",
            draw(SHARE),
            tagline=draw(st.none() | SAID),
            category=draw(st.none() | SAID),
            entry=draw(st.none() | SAID),
            community_percent=draw(SHARE),
        )
        for side, name in zip("ab", names, strict=True)
    )
    said = [
        Said("a", "for", 1, f"T{draw(QUOTED)}", in_case=draw(st.booleans())),
        Said("b", "against", 2, f"T{draw(QUOTED)}", cut=draw(st.booleans())),
    ]
    return item(a, b, f"The panel has spoken of {number}.", *said)


@given(items=st.lists(match_ups(), min_size=1, max_size=3, unique_by=lambda made: made[0].id))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_words_from_outside_never_stop_a_letter_that_tells_them_faithfully(
    items: list[Item],
) -> None:
    issue = view(items)

    findings = check(render(issue, NONCE), issue, marks=MARKS, brand=BRAND)

    assert [one for one in findings if one.level == "block" and one.code not in MEANT] == []
