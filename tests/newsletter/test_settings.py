"""What an operator may write, and what is said when it cannot be used."""

import os
import subprocess
import sys

import pytest

from newsletter.settings import InvalidSettings, load

KEY = "k" * 32


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch):
    for name in list(os.environ):
        if name.startswith("NEWSLETTER_"):
            monkeypatch.delenv(name)


@pytest.fixture
def given(monkeypatch):
    """Load the settings as an operator's environment gives them, names without the prefix."""

    def read(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(f"NEWSLETTER_{name}", value)
        return load()

    return read


def refusal_of(given, **variables):
    with pytest.raises(InvalidSettings) as refusal:
        given(**variables)
    return str(refusal.value)


def test_the_defaults_are_usable():
    settings = load()

    assert settings.transport == "outbox"
    assert settings.editor_addresses == ()


def test_an_address_for_mail_needs_somebody_who_listens(given):
    address = "0123456789abcdef0123456789abcdef@inbound.postmarkapp.com"

    assert "WEBHOOK_PASSWORD" in refusal_of(given, INBOUND_ADDRESS=address)

    heard = given(INBOUND_ADDRESS=address, WEBHOOK_PASSWORD="sixteen-letters!")
    assert heard.inbound_address == address


def test_an_address_for_what_comes_back_needs_somebody_who_listens_as_well(given):
    address = "0123456789abcdef0123456789abcdef@inbound.postmarkapp.com"

    assert "BOUNCE_ADDRESS" in refusal_of(given, BOUNCE_ADDRESS=address)

    heard = given(BOUNCE_ADDRESS=address, WEBHOOK_PASSWORD="sixteen-letters!")
    assert heard.bounce_address == address


SECRETS = [
    "WEBHOOK_PASSWORD",
    "WEBHOOK_SECRET",
    "API_TOKEN",
    "POSTMARK_SERVER_TOKEN",
    "SECRET_KEY",
    "SMTP_URL",
    "DATABASE_URL",
]


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_a_blank_secret_counts_as_unset(given, name, blank):
    settings = given(**{name: blank})

    assert getattr(settings, name.lower()) is None


@pytest.mark.parametrize("name", SECRETS)
def test_a_blank_secret_in_a_file_counts_as_unset(given, tmp_path, name):
    (tmp_path / "secret").write_text(" \n")

    settings = given(**{f"{name}_FILE": str(tmp_path / "secret")})

    assert getattr(settings, name.lower()) is None


@pytest.mark.parametrize(
    ("transport", "name"), [("postmark", "POSTMARK_SERVER_TOKEN"), ("smtp", "SMTP_URL")]
)
def test_a_blank_secret_does_not_complete_a_transport(given, transport, name):
    said = refusal_of(given, TRANSPORT=transport, **{name: " "})

    assert f"NEWSLETTER_{name}" in said


def test_a_secret_comes_from_a_file_without_its_line_end(given, tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n")

    settings = given(SECRET_KEY_FILE=str(tmp_path / "key"))

    assert settings.secret_key.get_secret_value() == KEY


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", "folder"])
def test_a_file_that_cannot_be_read_is_named(given, tmp_path, content):
    path = tmp_path / "secret"
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)

    said = refusal_of(given, API_TOKEN_FILE=str(path))

    assert said.startswith("NEWSLETTER_API_TOKEN_FILE: ")
    assert str(path) in said


USABLE = {
    "API_TOKEN": "sixteen-letters!",
    "POSTMARK_SERVER_TOKEN": "4e1f-a0b2",
    "SECRET_KEY": f"{KEY}, {KEY}",
    "SMTP_URL": "smtps://anna:p%40ss@mail.example.org",
    "DATABASE_URL": "sqlite:///digest.sqlite3",
    "FROM": '"Verdict, Weekly" <digest@xn--bcher-kva.example>',
    "REPLY_TO": "editors@news.example",
    "WEBHOOK_USER": "post.mark",
    "WEBHOOK_PASSWORD": "sixteen-letters!, the-other-of-them",
    "WEBHOOK_SECRET": "sixteen-letters!, the-other-of-them",
    "NAME": "Wöchentliches Verdikt 👩‍💻",
    "BASE_URL": "https://news.example.org:8443/letters/",
    "SITE_URL": "http://[::1]:8000",
    "EDITORS": " ed@example.org ,, O'Hara+x@example.org ",
    "LEASE_MINUTES": "1440",
    "SEND_AT": "Sunday 23:59",
    "TIME_ZONE": "Europe/Berlin",
}


@pytest.mark.parametrize("name", USABLE)
def test_what_is_fine_is_taken(given, name):
    given(**{name: USABLE[name]})


WRONG = [
    ("INBOUND_ADDRESS", "Weekly <in@news.example>"),
    ("INBOUND_ADDRESS", "in+plus@news.example"),
    ("BOUNCE_ADDRESS", "in+plus@news.example"),
    ("INBOUND_ADDRESS", f"{'x' * 35}@news.example"),
    ("INBOUND_ADDRESS", "in@news.example, two@news.example"),
    ("INBOUND_ADDRESS", "in%@news.example"),
    ("INBOUND_ADDRESS", "nobody"),
    ("WEBHOOK_SECRET", "the-new-of-the-two,"),
    ("WEBHOOK_SECRET", "the-new-of-the-two,short"),
    ("WEBHOOK_USER", "two:parts"),
    ("WEBHOOK_USER", "a blank"),
    ("WEBHOOK_PASSWORD", "short"),
    ("WEBHOOK_PASSWORD", "sixteen-letters!, short"),
    ("WEBHOOK_PASSWORD", "sixteen-letters!,"),
    ("WEBHOOK_SECRET", "fifteen-letters"),
    ("API_TOKEN", "fifteen-letters"),
    ("API_TOKEN", "sixteen letters and more"),
    ("API_TOKEN", "sechzehnzeichenü"),
    ("POSTMARK_SERVER_TOKEN", "t’k"),
    ("POSTMARK_SERVER_TOKEN", "to ken"),
    ("SECRET_KEY", "changeme"),
    ("SECRET_KEY", f"{KEY},short"),
    ("SMTP_URL", "http://mail.example.org"),
    ("SMTP_URL", "smtp://mail.example.org:port"),
    ("FROM", "Acme, Inc <digest@example.org>"),
    ("FROM", "Verdict <digest@bücher.example>"),
    ("FROM", "Verdict"),
    ("FROM", "Verdict\nBcc: x <digest@example.org>"),
    ("FROM", "Ver\u202edict <digest@example.org>"),
    ("REPLY_TO", "a@example.org, b@example.org"),
    ("NAME", "Weekly\nVerdict"),
    ("NAME", "Weekly\x1bVerdict"),
    ("NAME", "Weekly\u202eVerdict"),
    ("NAME", "Weekly\u200bVerdict"),
    ("NAME", "   "),
    ("BASE_URL", "https://news.example.org?x=1"),
    ("BASE_URL", "https://news.example.org/#top"),
    ("BASE_URL", "https://news.example.org/a b"),
    ("BASE_URL", "https://news.example.org:99999"),
    ("BASE_URL", "https://news.example.org:port"),
    ("BASE_URL", "https://bücher.example"),
    ("BASE_URL", "https://user:word@news.example.org"),
    ("BASE_URL", "https://news.example.org/\nx"),
    ("BASE_URL", "https://news.example.org/a>b"),
    ("BASE_URL", "ftp://news.example.org"),
    ("SITE_URL", "//verdicts.example.org"),
    ("SITE_URL", "https://verdicts.example.org/?q"),
    ("POSTMARK_API_URL", "https://api.example.org:0x50"),
    ("EDITORS", "ed@example.org, nobody"),
    ("EDITORS", "ed@localhost"),
    ("LEASE_MINUTES", "1441"),
    ("LEASE_MINUTES", "0"),
    ("LEASE_MINUTES", "nan"),
    ("SEND_AT", "moonday 09:00"),
    ("SEND_AT", "mon 25:00"),
    ("TIME_ZONE", "Europe/Belin"),
    ("TIME_ZONE", "../etc/passwd"),
    ("DATABASE_URL", "mysql://db.example.org/news"),
    ("DATABASE_URL", "postgresql+asyncpg://db.example.org/news"),
    ("DATABASE_URL", "newsletter.sqlite3"),
    ("DATABASE_URL", "sqlite://anna@db.example.org/news"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite:///:memory:"),
    ("DATABASE_URL", "postgresql://db.example.org:port/news"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_cannot_be_used_is_refused_under_its_name(given, name, value):
    said = refusal_of(given, **{name: value})

    assert said.startswith(f"NEWSLETTER_{name}: ")


def test_all_that_is_wrong_is_said_at_once(given):
    said = refusal_of(given, BASE_URL="nonsense", API_TOKEN="short")

    assert "NEWSLETTER_BASE_URL" in said
    assert "NEWSLETTER_API_TOKEN" in said


@pytest.mark.parametrize(
    "name", ["WEBHOOK_PASSWORD", "API_TOKEN", "SECRET_KEY", "DATABASE_URL", "SMTP_URL"]
)
def test_a_refusal_does_not_repeat_a_secret(given, name):
    assert "hunter2" not in refusal_of(given, **{name: "://anna:hunter2"})


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgres_url_gets_the_driver_that_is_installed(given, scheme):
    settings = given(DATABASE_URL=f"{scheme}://bob:hunter2@db.example.org/news?sslmode=require")

    expected = "postgresql+psycopg://bob:hunter2@db.example.org/news?sslmode=require"
    assert settings.database == expected


def test_the_settings_do_not_show_their_secrets(given):
    settings = given(
        DATABASE_URL="postgresql://bob:hunter2@db.example.org/news",
        SMTP_URL="smtp://bob:hunter2@mail.example.org",
        API_TOKEN="hunter2-hunter2-hunter2",
    )

    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump()}"


def test_the_database_is_a_file_in_the_data_folder_when_nothing_is_said(given):
    assert given(DATA_DIR="there").database == "sqlite:///there/newsletter.sqlite3"


def test_editors_are_told_once_at_the_address_mail_is_sent_to(given):
    settings = given(EDITORS="Ed@Bücher.example, ed@xn--bcher-kva.example, amy@example.org,")

    assert settings.editor_addresses == ("Ed@xn--bcher-kva.example", "amy@example.org")


def test_the_postal_address_keeps_its_lines_and_loses_what_nobody_sees(given):
    settings = given(POSTAL_ADDRESS="Example Ltd \u202e\r\n\n  1 Sample\tStreet\u200b\n")

    assert settings.postal_address == "Example Ltd\n1 Sample Street"


def test_a_plain_variable_wins_over_a_file_unless_it_is_empty(given, tmp_path):
    (tmp_path / "name").write_text("From the File")

    assert given(NAME="Here", NAME_FILE=str(tmp_path / "name")).name == "Here"
    assert given(NAME="").name == "From the File"


@pytest.mark.parametrize(("name", "value"), [("SEND_AT", "someday"), ("TIME_ZONE", "Nowhere")])
def test_a_command_with_a_wrong_schedule_is_wrong_usage(tmp_path, name, value):
    environment = os.environ | {"NEWSLETTER_DATA_DIR": str(tmp_path), f"NEWSLETTER_{name}": value}

    done = subprocess.run(
        [sys.executable, "-m", "newsletter", "schedule", "show"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert f"invalid-settings: NEWSLETTER_{name}: " in done.stderr


def test_redirect_targets_are_kept_as_they_are_written():
    settings = load(redirects=" https://a.example/thanks/ ,https://b.example")

    assert settings.redirect_targets == {"https://a.example/thanks/", "https://b.example"}
    assert load().redirect_targets == frozenset()


@pytest.mark.parametrize(
    "target", ["thanks", "//a.example", "javascript:alert(1)", "ftp://a.example"]
)
def test_a_redirect_target_that_is_no_web_address_is_refused(target):
    with pytest.raises(InvalidSettings, match="NEWSLETTER_REDIRECTS"):
        load(redirects=f"https://a.example,{target}")
