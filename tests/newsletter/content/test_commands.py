import orjson
import pytest
from typer.testing import CliRunner, Result

from newsletter.cli import app
from tests.newsletter.content.page_factory import ADDRESS, page


@pytest.fixture(autouse=True)
def _own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWSLETTER_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def good(tmp_path):
    file = tmp_path / f"{ADDRESS.rpartition('/')[2]}.txt"
    file.write_text(page().compact(), encoding="utf-8")
    return str(file)


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["content", *words], input=stdin)


def test_import_says_what_went_in_and_ends_with_0(good):
    result = run("import", good, "--json")

    assert result.exit_code == 0
    assert orjson.loads(result.stdout) == {
        "added": 1, "filled": 0, "unchanged": 0, "refused": [], "conflicts": [],
    }  # fmt: skip


def test_import_ends_with_1_when_something_was_refused_and_the_rest_is_in(good, tmp_path):
    bad = tmp_path / "bad.txt"
    bad.write_text("prose")

    result = run("import", str(bad), good)

    assert result.exit_code == 1
    assert f"refused {bad}: line 1: no title" in result.stderr
    assert len(orjson.loads(run("list", "--json").stdout)) == 1


def test_standard_input_takes_its_slugs_from_the_url_option():
    run("import", "-", "--url", ADDRESS, stdin=page().spaced())

    (entry,) = orjson.loads(run("list", "--json").stdout)
    assert entry["slug_a"] == "ledger-lamp-git-history-2026"


@pytest.mark.parametrize("words", [("import",), ("import", "a", "b", "--url", ADDRESS), ("no",)])
def test_wrong_usage_ends_with_2(words):
    assert run(*words).exit_code == 2


def test_url_with_a_folder_is_wrong_usage(tmp_path):
    assert run("import", str(tmp_path), "--url", ADDRESS).exit_code == 2


def test_list_and_show_print_what_is_known(good):
    run("import", good)

    listed, shown = run("list"), run("show", ADDRESS.rpartition("/")[2])
    as_json = run("show", "1", "--json")

    assert "first_seen" in listed.stdout
    assert "newsletter issue pin 1, or " in listed.stdout
    assert f"newsletter issue pin {ADDRESS.rpartition('/')[2]}" in listed.stdout
    assert "Quiet Index (local)" in shown.stdout
    assert "Ledger Lamp" in shown.stdout
    assert orjson.loads(as_json.stdout)["tool_b"]["panel_percent"] == 50


def test_names_are_printed_as_they_are_called_and_do_nothing_to_the_terminal(tmp_path):
    name = "a [red]tool\\[0] \x9b31m\x7f\u202e"
    tools = {"slug_a": "odd", "slug_b": "even", "tool_b": {"slug": "even", "name": "Even"}}
    file = tmp_path / "odd.json"
    file.write_bytes(orjson.dumps(tools | {"tool_a": {"slug": "odd", "name": name}}))
    assert run("import", str(file)).exit_code == 0

    listed, shown = run("list").stdout, run("show", "1").stdout

    assert "a [red]tool\\[0]" in shown
    assert "[red]tool\\[0]" in " ".join(listed.split())
    assert not set("\x9b\x7f\u202e\x1b") & set(listed + shown)


def test_what_is_said_about_a_source_does_nothing_to_the_terminal(tmp_path):
    file = tmp_path / "evil\x1b]0;title\x07\x1b[31m.txt"
    file.write_text("prose")

    assert f"refused {tmp_path / 'evil.txt'}: " in run("import", str(file)).stderr


def test_show_ends_with_1_when_there_is_no_such_comparison():
    result = run("show", "a-vs-b")

    assert result.exit_code == 1
    assert "no comparison “a-vs-b”" in result.stderr


def test_sources_explains_what_can_be_imported():
    assert "docs/comparison-json.md" in run("sources").stdout
