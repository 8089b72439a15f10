"""Whatever is posted to the form gets an answer in words, and never a failure."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.settings import load
from newsletter.web.app import create_app
from newsletter.wiring import build

KINDS = st.sampled_from(
    [
        "application/x-www-form-urlencoded",
        "application/json",
        "multipart/form-data; boundary=x",
        "multipart/form-data; boundary*=utf-8''x",
        "multipart/form-data",
        "multipart/mixed; boundary=x",
        "text/plain",
        "",
    ]
)
PIECES = st.sampled_from(
    [
        b"--x\r\n",
        b"--x--\r\n",
        b'Content-Disposition: form-data; name="email"\r\n\r\n',
        b"Content-Disposition: form-data; name*=utf-8''em%FFail\r\n\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n",
        b"email=",
        b"&EMAIL=",
        b"%ff%00",
        b"a@reader.example",
        b"\xff\x00",
        b'{"email": "',
        b'\\ud800"}',
        b'"}',
        b"&altcha=e30%3D",
        b"&stamp=-",
        b"&tags=a;b",
    ]
)
BODIES = st.lists(PIECES | st.binary(max_size=8), max_size=8).map(b"".join)
ODD_KINDS = [
    f"multipart/form-data; {parameters}"
    for parameters in (
        "boundary=" + "(" * 5_000,
        "boundary*=utf-16''%00",
        "boundary*=undefined''x",
        "boundary*=\x00''x",
        "a=b; " * 4_000,
        '";' * 8_000,
        "boundary=",
    )
]
ODD_NAMES = [
    b"form-data; name*0*=utf-8''email; name*=x",
    b"form-data; name*" + b"9" * 5_000 + b"=email",
    b"(" * 3_000,
    b"form-data; name=(" * 800,
    b"form-data; " + b"a=b; " * 2_000,
    b"form-data; name*=utf-16'x'%00",
    b"form-data; name*=idna''%ff",
    b"form-data; name*=undefined''x",
    b"form-data; name*=\x00''x",
    b"=?utf-8?q?a?=" * 700,
]
"""What no browser writes and the grammar of mail allows."""
PLACES = st.sampled_from(
    ["", "null", "https://[", "https://a.example/\xe9?x", "https://a.example:x/"]
)


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("posted")
    wired = build(load(data_dir=folder))
    yield TestClient(create_app(wired))
    wired.close()


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=KINDS, body=BODIES, place=PLACES)
def test_any_post_is_answered(visitor, kind, body, place):
    headers = {"content-type": kind, "referer": place.encode("latin-1")}

    assert visitor.post("/subscribe", content=body, headers=headers).status_code in (200, 422)


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, b'form-data; name="email"') for kind in ODD_KINDS]
    + [("multipart/form-data; boundary=x", name) for name in ODD_NAMES],
    ids=lambda written: ascii(written[:40]),
)
def test_a_form_in_parts_may_be_written_in_any_way(visitor, kind, name):
    part = b"--x\r\nContent-Disposition: " + name + b"\r\n\r\na@reader.example\r\n--x--\r\n"

    answer = visitor.post("/subscribe", content=part, headers={"content-type": kind})

    assert answer.status_code in (200, 422)


def test_a_form_in_parts_that_hold_each_other_is_not_understood(visitor):
    nested = b"Content-Type:message/\n\n" * 865

    answer = visitor.post(
        "/subscribe",
        content=b"--x\r\n" + nested,
        headers={"content-type": "multipart/form-data; boundary=x"},
    )

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x-1", 'Multipart/Form-Data; Boundary="x-1"']
)
def test_a_form_in_parts_is_read_as_browsers_write_it(visitor, kind):
    fields = (b"email", b"a@reader.example"), (b"name", "In\u00e8s".encode())
    parts = b"".join(
        b'--x-1\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % field
        for field in fields
    )

    answer = visitor.post(
        "/subscribe", content=parts + b"--x-1--\r\n", headers={"content-type": kind}
    )

    assert answer.status_code == 200


@given(st.text(st.characters(), max_size=40))
def test_any_text_may_stand_where_the_address_belongs(visitor, text):
    answer = visitor.post("/subscribe", json={"email": f"{text}@reader.example"})

    assert answer.status_code in (200, 422)


@pytest.mark.parametrize("email", [r"\ud800@reader.example", r"ines@\ud800.example"])
def test_half_a_character_is_no_address(visitor, email):
    headers = {"content-type": "application/json"}

    answer = visitor.post("/subscribe", content=f'{{"email": "{email}"}}', headers=headers)

    assert answer.status_code == 422
