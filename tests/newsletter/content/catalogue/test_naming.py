import pytest

from newsletter.content.catalogue.naming import NamedTool, followed, found, named_tools, topics
from newsletter.content.catalogue.store import save
from tests.factories import SEEN, make_comparison, make_tool

ALPHA = NamedTool("Alpha", ("alpha",), ("Audio",))
BETA = NamedTool("The Beta", ("beta", "beta-2"), ("Design", "Video Tools"))
TOOLS = [ALPHA, BETA, NamedTool("alphabet", ("alphabet",))]


def names(tools):
    return [tool.name for tool in tools]


def test_tools_of_one_name_are_one_whatever_their_slugs(database):
    with database.writing() as session:
        first = make_tool("real-scribe", name="Scribe", category="voice")
        other = make_tool("audio-scribe", name="SCRIBE", category="audio & speech")
        guessed = make_tool("scribe", name="Scribe", category="writing", provisional=True)
        for tool, against in ((first, "x"), (other, "y"), (guessed, "z")):
            save(session, make_comparison(tool, make_tool(against, category=None)), now=SEEN)

        [scribe, *rest] = named_tools(session)

    assert scribe == NamedTool(
        "SCRIBE", ("audio-scribe", "real-scribe", "scribe"), ("Audio", "Writing")
    )
    assert [(tool.name, tool.groups) for tool in rest] == [("X", ()), ("Y", ()), ("Z", ())]


def test_an_empty_catalogue_has_no_tools_and_no_topics(database):
    with database.reading() as session:
        assert named_tools(session) == []
    assert topics([]) == []


def test_topics_are_the_groups_there_are_each_once():
    assert topics([*TOOLS, ALPHA]) == ["Audio", "Design", "Video Tools"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("alpha", ["Alpha", "alphabet"], id="a beginning, in any case"),
        pytest.param("A", ["Alpha", "alphabet", "The Beta"], id="beginnings stand first"),
        pytest.param("  the   BETA ", ["The Beta"], id="blanks"),
        pytest.param("gamma", [], id="nothing"),
        pytest.param("", [], id="no words"),
        pytest.param("%", [], id="no pattern"),
    ],
)
def test_a_tool_is_found_by_a_part_of_its_name(words, expected):
    assert names(found(TOOLS, words)) == expected


def test_what_somebody_follows_is_told_by_name_and_each_name_once():
    assert followed(TOOLS, ["beta-2", "alpha", "beta"]) == [ALPHA, BETA]


def test_a_slug_that_no_tool_has_any_more_stands_for_itself():
    assert followed(TOOLS, ["long-gone"]) == [NamedTool("long-gone", ("long-gone",))]
