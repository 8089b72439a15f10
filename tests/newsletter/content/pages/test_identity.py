from itertools import permutations

import pytest

from newsletter.content.comparison import Comparison, Tool
from newsletter.content.pages.identity import KnownSlugs, identify
from newsletter.content.refusals import Unreadable

LAUNCHES = {  # slugs in the manner of the site: long, abbreviated, and one of another name
    "acme-inkwell-5-unified-streaming-edge-agents": "Acme Inkwell SDK 5.0",
    "hilltop-labs-vela-2-turbo-edge-vision-model": "Vela2 Turbo",
    "north-medium-3-2-code-interpreter": "North Medium 3.2",
    "north-medium-3-function-calling": "North Medium 3",
    "north-large-3-tool-calling-128k": "North Large 3",
    "gtd-task-board-2026": "Get Things Done",
    "papertrail-claudemd-benchmark": "Papertrail CLAUDE.md Arena",
}


def slugs_of(pair: str, *names: str, known: KnownSlugs | None = None) -> tuple[str, str]:
    a, b = (Tool("x", name, tagline=f"What {name} is", provisional=True) for name in names)
    found = identify(Comparison(a, b), pair=pair, known_slugs=known or KnownSlugs())
    assert (found.tool_a.name, found.tool_b.name) == names, "the page's order stays"
    return found.tool_a.slug, found.tool_b.slug


@pytest.mark.parametrize("pair", [*permutations(LAUNCHES, 2)], ids="-vs-".join)
def test_each_tool_gets_its_slug_in_whatever_order_the_address_has_them(pair):
    names = [LAUNCHES[slug] for slug in pair]

    assert slugs_of("-vs-".join(pair), *names) == pair
    assert slugs_of("-vs-".join(reversed(pair)), *names) == pair


@pytest.mark.parametrize(
    "names",
    [("Continue", "Zed"), ("Lamp", "Lamp"), ("京都", "大阪")],
    ids=["other", "same", "script"],
)
def test_the_pages_order_stays_where_nothing_speaks_against_it(names):
    assert slugs_of("val-town-13-vs-lamp-2026", *names) == ("val-town-13", "lamp-2026")


def test_a_slug_holding_little_of_both_names_alike_is_no_evidence():
    names = ("Claw Code", "Claw Code")

    assert slugs_of("claw-code-a-vs-claw-code-b", *names) == ("claw-code-a", "claw-code-b")


def test_what_is_stored_under_a_slug_decides_before_its_words():
    known = KnownSlugs([Tool("val-town-13", "Continue")])

    assert slugs_of("val-town-13-vs-zed", "Zed", "Continue", known=known) == ("zed", "val-town-13")
    assert slugs_of("val-town-13-vs-val", "Val", "Continue", known=known) == ("val", "val-town-13")


def test_a_stored_tagline_tells_namesakes_apart():
    a = Tool("x", "Claw Code", tagline="A harness")
    b = Tool("y", "Claw Code", tagline="A rewrite")
    known = KnownSlugs([Tool("claw-2", "Claw Code", tagline="A rewrite")])

    found = identify(Comparison(a, b), pair="claw-2-vs-claw-1", known_slugs=known)

    assert (found.tool_a.slug, found.tool_b.slug) == ("claw-1", "claw-2")


def test_a_slug_may_hold_vs_though_the_address_has_the_other_order():
    assert slugs_of("rust-vs-go-2026-vs-zig", "Zig", "Rust vs Go") == ("zig", "rust-vs-go-2026")


def test_the_address_of_another_tools_page_is_refused():
    known = KnownSlugs([Tool("north-medium-3-2", "North Medium 3.2", tagline="Cheap")])

    with pytest.raises(Unreadable) as refusal:
        slugs_of("north-medium-3-2-vs-vela-turbo", "Vela Turbo", "North Large 3", known=known)

    assert str(refusal.value) == (
        "the address names “north-medium-3-2”, which is stored as “North Medium 3.2”; "
        "the page is about “North Large 3”: check the address"
    )


@pytest.mark.parametrize(
    ("slug", "stored", "name"),
    [
        ("tencent-hy3-preview", "Tencent Hy3-preview", "Tencent Hy3 Preview"),
        ("smol-vlm2-2b", "Smol VLM2 2B", "SmolVLM2-2B"),
        ("acme-inkwell-5-edge", "Acme Inkwell SDK 5.0", "Acme Inkwell 5"),
        ("north-large-3", "North Medium 3", "North Large 3"),
    ],
    ids=["hyphen", "blanks", "renamed after its slug", "stored under a wrong address"],
)
def test_a_new_spelling_or_a_better_name_is_let_through(slug, stored, name):
    known = KnownSlugs([Tool(slug, stored, tagline="As it was")])

    assert slugs_of(f"{slug}-vs-zed", name, "Zed", known=known) == (slug, "zed")


def test_a_renamed_tool_is_known_by_its_tagline():
    known = KnownSlugs([Tool("quill-2026", "Quill", tagline="What Nib is")])

    assert slugs_of("quill-2026-vs-zed", "Nib", "Zed", known=known) == ("quill-2026", "zed")
