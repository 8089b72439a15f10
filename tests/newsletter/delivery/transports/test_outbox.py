import resource
from contextlib import contextmanager
from stat import S_IMODE

import pytest

from newsletter.delivery.message import Outcome
from newsletter.delivery.transports.outbox import OutboxTransport, file_name
from tests.newsletter.delivery.transports.letters import at_monday, digest, reader, readers


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data" / "outbox"


@pytest.fixture
def outbox(folder):
    return OutboxTransport(folder, clock=at_monday)


@contextmanager
def no_file_larger_than(size):
    """Let the operating system refuse, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_each_message_is_a_file_named_after_its_delivery_in_a_folder_of_its_mailing(outbox, folder):
    [receipt] = outbox.send(digest(key="issue-12"), [reader("anna")])

    assert files(folder) == [folder / "issue-12" / "12.anna.eml"]
    assert receipt.provider_id == "issue-12/12.anna.eml"


def test_a_message_that_has_left_is_accepted_again_and_not_written_again(outbox, folder):
    mailing, messages = digest(), readers(3)
    outbox.send(mailing, messages[:2])
    written = {path: path.stat() for path in files(folder)}

    receipts = outbox.send(mailing, messages)

    assert [receipt.outcome for receipt in receipts] == [Outcome.ACCEPTED] * 3
    assert len(files(folder)) == 3
    assert all(path.stat() == before for path, before in written.items())


def test_a_file_left_unfinished_by_a_crash_has_not_left(outbox, folder):
    mailing = digest(key="issue-12")
    outbox.send(mailing, [reader("anna")])
    whole = (folder / "issue-12" / "12.anna.eml").rename(folder / ".unfinished" / "12.anna.0")

    [receipt] = outbox.send(mailing, [reader("anna")])

    assert receipt.outcome is Outcome.ACCEPTED
    assert (folder / "issue-12" / "12.anna.eml").read_bytes() == whole.read_bytes()


def test_a_full_disk_takes_nothing_and_leaves_no_half_a_letter(outbox, folder):
    mailing, messages = digest(), readers(2)

    with no_file_larger_than(500):
        receipts = outbox.send(mailing, messages)

    assert [receipt.outcome for receipt in receipts] == [Outcome.NOT_TAKEN] * 2
    assert receipts[0].detail == "cannot write to the outbox: File too large"
    assert files(folder) == []
    assert outbox.send(mailing, messages)[0].outcome is Outcome.ACCEPTED


def test_a_folder_that_cannot_be_made_takes_nothing(tmp_path):
    (tmp_path / "file").write_text("in the way")
    outbox = OutboxTransport(tmp_path / "file" / "outbox", clock=at_monday)

    receipts = outbox.send(digest(), readers(2))

    assert [receipt.outcome for receipt in receipts] == [Outcome.NOT_TAKEN] * 2
    assert receipts[0].code == "disk"


def test_letters_are_for_the_eyes_of_this_user_only(outbox, folder):
    outbox.send(digest(), readers(1))

    [path] = files(folder)
    assert S_IMODE(path.stat().st_mode) == 0o600
    assert S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("issue-12", "issue-12"),
        ("12.AbC_d-9", "12.~ab~c_d-9"),
        ("notice.Z", "notice.~z"),
    ],
)
def test_a_plain_name_stays_readable(text, name):
    assert file_name(text) == name


@pytest.mark.parametrize(
    "text", ["", ".", "..", "../../etc/passwd", "/etc/passwd", "a/b", "a\\b", ".hidden", "ü", "a\0", "~a", "x" * 300]
)  # fmt: skip
def test_any_other_name_becomes_a_harmless_one(text):
    name = file_name(text)

    assert name.startswith("~~")
    assert name.removeprefix("~~").isalnum()


def test_two_names_are_two_files_even_where_case_is_ignored():
    names = ["ab", "Ab", "aB", "AB", "~ab", "~~ab", "a b", "A b"]

    assert len({file_name(name).lower() for name in names}) == len(names)
