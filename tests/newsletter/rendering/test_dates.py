"""The date of a letter in the languages that readers may choose."""

from datetime import date, timedelta

import pytest
import wcwidth
from babel import Locale

from newsletter.rendering.dates import LANGUAGES, language, long_date
from newsletter.rendering.environment import TEXT_WIDTH

MONDAY = date(2026, 12, 7)
YEAR = [date(2026, 1, 1) + timedelta(days=days) for days in range(365)]


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("", "Monday 7 December 2026"),
        ("en", "Monday 7 December 2026"),
        ("en-US", "Monday, December 7, 2026"),
        ("de", "Montag, 7. Dezember 2026"),
        ("fr", "lundi 7 décembre 2026"),
        ("pl", "poniedziałek, 7 grudnia 2026"),
        ("tr", "7 Aralık 2026 Pazartesi"),
        ("ja", "2026年12月7日月曜日"),
    ],
)
def test_a_date_is_written_as_people_of_that_language_write_it(locale: str, written: str) -> None:
    assert long_date(MONDAY, locale) == written


@pytest.mark.parametrize("locale", ["tlh", "de_DE", "DE", "../de", "x" * 500])
def test_a_language_that_is_not_offered_gives_english(locale: str) -> None:
    assert long_date(MONDAY, locale) == long_date(MONDAY)
    assert language(locale) == "en"


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_language_is_offered_under_its_own_name(code: str) -> None:
    named = Locale.parse(code, sep="-").get_display_name()

    assert LANGUAGES[code].casefold() == str(named).casefold()


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_day_differs_fits_a_line_and_is_safe_in_markup(code: str) -> None:
    written = [long_date(day, code) for day in YEAR]

    assert len(set(written)) == len(YEAR)
    assert max(map(wcwidth.wcswidth, written)) < TEXT_WIDTH
    assert not set("<>&\"'@{}\n") & set("".join(written))


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_runs_from_left_to_right(code: str) -> None:
    assert Locale.parse(code, sep="-").text_direction == "ltr"
