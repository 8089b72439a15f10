import io
import os

from newsletter.content.fetching import FetchFailed
from newsletter.content.pages.documents import Document
from newsletter.content.refusals import Refusal
from newsletter.content.sources import MOST_BYTES, documents_from

NO_INPUT = io.BytesIO()


def test_a_folder_is_read_with_all_below_it_sorted(tmp_path):
    for name in ("b.txt", "a/z.html", "a/.hidden", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)

    documents = list(documents_from([str(tmp_path)], stdin=NO_INPUT))

    assert documents == [
        Document(str(tmp_path / "a" / "z.html"), b"a/z.html"),
        Document(str(tmp_path / "b.txt"), b"b.txt"),
    ]


def test_a_dash_is_standard_input():
    assert list(documents_from(["-"], stdin=io.BytesIO(b"page"))) == [Document("-", b"page")]


def test_an_address_is_fetched_and_what_fails_is_refused_with_the_reason():
    def fetcher(address: str) -> Document:
        if "down" in address:
            raise FetchFailed("no connection")
        return Document(address, b"page", address=address)

    found = list(documents_from(["https://x/y", "HTTP://down/"], stdin=NO_INPUT, fetcher=fetcher))

    assert found == [
        Document("https://x/y", b"page", "https://x/y"),
        Refusal("HTTP://down/", "no connection"),
    ]


def test_what_is_not_there_or_too_large_is_refused(tmp_path):
    large = tmp_path / "large.txt"
    large.touch()
    os.truncate(large, MOST_BYTES + 1)
    (tmp_path / "empty").mkdir()
    sources = [str(tmp_path / "none"), str(large), str(tmp_path / "empty")]

    found = list(documents_from(sources, stdin=NO_INPUT))

    assert [one.reason.split(";")[0] for one in found if isinstance(one, Refusal)] == [
        "no such file or folder",
        "larger than 5,242,880 bytes, so this is no comparison page",
        "the folder holds no files",
    ]
