import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content.addresses import (
    Address,
    is_slug,
    pair_in_file_name,
    parse_address,
    possible_pairs,
    provisional_slug,
    resemblance,
    split_pair,
)
from newsletter.content.refusals import Unreadable


@pytest.mark.parametrize(
    "address",
    [
        "https://shiporskip.io/compare/git-why-2026-vs-skillclaw",
        "https://www.shiporskip.io/compare/git-why-2026-vs-skillclaw/",
        "HTTP://WWW.ShipOrSkip.io:443/Compare/Git-Why-2026-vs-SkillClaw?ref=mail#scores",
        "shiporskip.io/compare/git-why-2026-vs-skillclaw",
        " https://shiporskip.io//compare/git-why-2026%2Dvs-skillclaw ",
    ],
)
def test_one_page_has_one_address_however_it_is_written(address):
    assert parse_address(address) == Address(
        "comparison", "shiporskip.io", "git-why-2026-vs-skillclaw"
    )


def test_a_tools_page_is_known_by_its_path():
    assert parse_address("https://www.shiporskip.io/tool/mo-2026") == Address(
        "tool", "shiporskip.io", "mo-2026"
    )


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://shiporskip.io/",
        "https://shiporskip.io/compare",
        "https://shiporskip.io/compare/only-one",
        "https://shiporskip.io/reviewer/futurist?category=Gaming",
        "https://shiporskip.io/compare/a-vs-b/image.png",
        "https://shiporskip.io/tool/UPPER%20CASE",
        "http://[broken",
        "mailto:someone",
    ],
)
def test_everything_else_is_neither(address):
    assert parse_address(address).kind == "neither"


@given(st.text())
def test_no_address_raises(address):
    assert parse_address(address).kind in {"comparison", "tool", "neither"}


@pytest.mark.parametrize(
    ("source", "pair"),
    [
        ("pages/git-why-vs-skillclaw.txt", "git-why-vs-skillclaw"),
        ("Git-Why-vs-SkillClaw.page.html", "git-why-vs-skillclaw"),
        ("git-why-vs-skillclaw", "git-why-vs-skillclaw"),
        ("000_7a93d82a5f1629d4.txt", None),
        ("git-why vs SkillClaw.txt", None),
        ("-vs-skillclaw.txt", None),
        ("-", None),
    ],
)
def test_a_file_can_be_named_after_its_page(source, pair):
    assert pair_in_file_name(source) == pair


def test_known_slugs_decide_first():
    pair = "rust-vs-go-vs-zig"

    assert split_pair(pair, known_slugs=frozenset({"rust-vs-go"})) == ("rust-vs-go", "zig")
    assert split_pair(pair, known_slugs=frozenset({"go-vs-zig"})) == ("rust", "go-vs-zig")


def test_the_names_decide_when_no_slug_is_known():
    names = ("Rust vs Go", "Zig")

    assert split_pair("rust-vs-go-2026-vs-zig", names=names) == ("rust-vs-go-2026", "zig")


def test_the_names_decide_in_the_other_order_too():
    names = ("Zig", "Rust vs Go")

    assert split_pair("rust-vs-go-2026-vs-zig", names=names) == ("rust-vs-go-2026", "zig")


def test_an_undecided_pair_is_refused():
    with pytest.raises(Unreadable, match="2 ways"):
        split_pair("a-vs-b-vs-c", names=("Alpha", "Beta"))


def test_a_name_for_looking_up_may_mean_several_pairs():
    assert possible_pairs("a-vs-b-vs-c") == [("a", "b-vs-c"), ("a-vs-b", "c")]
    assert possible_pairs("https://shiporskip.io/compare/a-vs-b") == [("a", "b")]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Vercel AI SDK 5.0", "vercel-ai-sdk-5-0"),
        ("GSD (get-shit-done)", "gsd-get-shit-done"),
        ("Café & Ünïts", "cafe-units"),
    ],
)
def test_a_name_becomes_a_slug(name, slug):
    assert provisional_slug(name) == slug


@given(st.text(min_size=1))
def test_a_provisional_slug_is_never_empty_and_always_the_same(name):
    assert is_slug(provisional_slug(name))
    assert provisional_slug(name) == provisional_slug(name)


@pytest.mark.parametrize(
    ("slug", "name", "share"),
    [
        ("acme-inkwell-sdk-5-unified-streaming", "Inkwell SDK 5.0", 3 / 4),
        ("ink-well-2026", "Inkwell", 1),
        ("papertrail-claudemd-2026", "Claude Papertrail", 1),
        ("gtd-task-board", "Get Things Done", 1),
        ("val-town-13", "Continue", 0),
        ("smart-board", "Art", 0),
        ("bo_2.0", "Bo 2.0", 1),
    ],
    ids=["launch", "in two words", "run together", "initials", "other", "part of a word", "marks"],
)
def test_a_slug_resembles_a_name_by_the_words_it_holds_of_it(slug, name, share):
    assert resemblance(slug, name) == share


@given(st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True), st.text(min_size=1))
def test_a_resemblance_is_a_share(slug, name):
    assert 0 <= resemblance(slug, name) <= 1
    assert resemblance(provisional_slug(name), name) == 1
