import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.csv_cells import guard, read_names, unguard, write_names
from subscribers.csv_reading import open_table
from subscribers.errors import UnreadableFile

FILES = Path(__file__).parent / "files"


def table(text):
    return open_table(io.BytesIO(text.encode() if isinstance(text, str) else text))


def opened(name):
    return table((FILES / name).read_bytes())


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter"),
    [
        ("excel_semicolon.csv", "cp1252", ";"),
        ("excel_utf8.csv", "utf-8-sig", ","),
        ("excel_unicode_text.txt", "utf-16", "\t"),
        ("libreoffice.csv", "utf-8-sig", ","),
    ],
)
def test_spreadsheets_are_read_as_they_write(name, encoding, delimiter):
    read = opened(name)

    assert (read.encoding, read.delimiter) == (encoding, delimiter)
    assert [line.cells["email"] for line in read.lines()] == [
        "ines@reader.example",
        "omar@reader.example",
    ]
    assert "Böll" in str([dict(line.cells) for line in read.lines()])


def test_a_file_that_is_not_utf_8_is_read_with_a_warning():
    assert "not UTF-8" in opened("excel_semicolon.csv").warnings[0]
    assert opened("libreoffice.csv").warnings == ()


def test_bytes_that_no_code_page_knows_are_still_read():
    read = table(b"email,name\nines@reader.example,In\xe9s \x81\n")

    assert read.encoding == "latin-1"
    assert next(read.lines()).cells["email"] == "ines@reader.example"


def test_columns_nobody_reads_are_named():
    assert opened("keila.csv").warnings == ("columns not read: External ID",)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("empty.csv", "empty"),
        ("blank.csv", "empty"),
        ("no_address_column.csv", "no column with addresses"),
        ("spreadsheet.xlsx.csv", "spreadsheet or a ZIP"),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(name, complaint):
    with pytest.raises(UnreadableFile, match=complaint):
        opened(name)


def test_a_cut_utf_16_file_is_refused():
    whole = (FILES / "excel_unicode_text.txt").read_bytes()

    with pytest.raises(UnreadableFile):
        table(whole[:-1])


def test_a_header_without_lines_is_an_empty_list():
    assert list(opened("header_only.csv").lines()) == []


def test_a_line_is_known_by_the_number_an_editor_shows():
    numbers = {line.number for line in opened("libreoffice.csv").lines()}
    after_sep = {line.number for line in opened("excel_semicolon.csv").lines()}

    assert numbers == {2, 3}
    assert after_sep == {3, 4}


def test_one_broken_line_does_not_hide_the_others():
    problems = {line.number: line.problem for line in opened("broken_lines.csv").lines()}

    assert problems[2] is problems[7] is None
    assert "4 cells where the header names 2" in problems[5]
    assert "no CSV" in problems[6]
    assert "no CSV" in problems[10]
    assert sorted(problems) == [2, 3, 4, 5, 6, 7, 10]


def test_a_table_can_be_walked_again():
    read = opened("listmonk.csv")

    assert list(read.lines()) == list(read.lines())


def test_the_first_of_two_columns_for_the_same_thing_counts_unless_it_is_empty():
    read = table("email,creation_date,optin_time\na@b.example,,2024\nc@d.example,2023,2024\n")

    assert [line.cells["created_at"] for line in read.lines()] == ["2024", "2023"]


@given(st.text())
def test_taking_the_guard_off_gives_the_cell_back(cell):
    assert unguard(guard(cell)) == cell


@given(st.text(alphabet="=+-@\t\r＝＠;'a", max_size=8))
def test_no_guarded_cell_begins_like_a_formula_wherever_a_spreadsheet_divides(cell):
    for part in guard(cell).split(";"):
        assert not part.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＠"))
    assert unguard(guard(cell)) == cell


@given(st.binary(max_size=200))
def test_noise_after_a_header_is_read_or_refused_and_never_an_accident(noise):
    try:
        read = table(b"email,name\n" + noise)
    except UnreadableFile:
        return

    assert all(line.number > 1 for line in read.lines())


@given(st.lists(st.text(min_size=1, max_size=8).filter(lambda name: name == name.strip())))
def test_names_in_a_cell_are_read_back_as_they_were(names):
    assert read_names(write_names(names)) == (names or [""])


@pytest.mark.parametrize("cell", ["[", "[1, 2]", '["a"', "[" * 100_000, "[{}]"])
def test_a_cell_that_only_begins_like_a_list_names_nobody(cell):
    assert read_names(cell) == []
