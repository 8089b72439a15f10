"""Whoever watches a long command sees how far it is and how fast; a script sees nothing."""

from io import StringIO

from rich.console import Console

from newsletter.cli.progress import counted, watched


def terminal() -> Console:
    return Console(file=StringIO(), force_terminal=True, width=100)


def shown(console: Console) -> str:
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


def test_somebody_who_watches_sees_how_many_are_done_and_how_many_a_second() -> None:
    console = terminal()

    with watched("sending", 300, console=console) as advance:
        for _ in range(3):
            advance(100)

    assert "sending" in shown(console)
    assert "300/300" in shown(console)
    assert "/s" in shown(console)


def test_where_the_number_is_not_known_those_that_are_done_are_counted() -> None:
    console = terminal()

    with watched("importing", console=console) as advance:
        assert list(counted("abc", advance)) == ["a", "b", "c"]

    assert "3/?" in shown(console)


def test_a_pipe_and_a_script_get_nothing() -> None:
    pipe, asked_for_json = Console(file=StringIO(), force_terminal=False), terminal()

    with watched("sending", 3, console=pipe) as advance:
        advance(3)
    with watched("sending", 3, quiet=True, console=asked_for_json) as advance:
        advance(3)

    assert shown(pipe) == shown(asked_for_json) == ""
