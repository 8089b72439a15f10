"""A new secret is put in front: letters sent before go on working; without the old one they end."""

import itertools

import pytest
from fastapi.testclient import TestClient

from newsletter.settings import load
from newsletter.web.app import create_app
from newsletter.wiring import build
from subscribers.errors import InvalidKeyRing
from subscribers.keys import RootSecret
from tests.journeys.commands import Operator
from tests.journeys.every_letter import every_letter
from tests.journeys.world import BASE, SETTINGS, signed, world

OLD, NEW = "an old secret that is long enough to use", "a new secret that is long enough to use"


def same_id_as(secret: str) -> str:
    """Find a secret that tokens could not tell from this one; one in 256 is like that."""
    wanted = RootSecret.named_by_itself(secret.encode()).id
    others = (f"{number} is a secret that is long enough" for number in itertools.count())
    return next(one for one in others if RootSecret.named_by_itself(one.encode()).id == wanted)


def test_links_outlive_a_new_secret_and_end_with_the_old_one(database, tmp_path):
    with world(database, tmp_path / "data", secret_key=OLD) as here:
        sent = {path for letter in every_letter(here).values() for path in signed(letter)}
        instant = here.now

    statuses = {}
    for secrets in (OLD, f"{NEW},{OLD}", NEW):
        with world(database, tmp_path / "data", secret_key=secrets) as here:
            here.now = instant
            client = TestClient(create_app(here.service), base_url=BASE)
            statuses[secrets] = {path: client.get(path).status_code for path in sent}

    assert len(sent) > 20
    assert set(statuses[OLD].values()) == {200}
    assert statuses[f"{NEW},{OLD}"] == statuses[OLD]
    assert set(statuses[NEW].values()) == {404}


def test_what_is_sent_from_then_on_is_signed_with_the_new_one(database, tmp_path):
    with world(database, tmp_path / "data", secret_key=f"{NEW},{OLD}") as here:
        sent = {path for letter in every_letter(here).values() for path in signed(letter)}
        instant = here.now

    with world(database, tmp_path / "data", secret_key=NEW) as here:
        here.now = instant
        client = TestClient(create_app(here.service), base_url=BASE)
        assert {client.get(path).status_code for path in sent} == {200}


def test_two_secrets_that_links_could_not_tell_apart_are_refused_at_the_start(tmp_path):
    both = f"{same_id_as(OLD)},{OLD}"

    with pytest.raises(InvalidKeyRing):
        build(load(data_dir=tmp_path / "data", secret_key=both, **SETTINGS))

    done = Operator(tmp_path / "shell", SECRET_KEY=both).run("subscribers", "show", "a@b.example")
    assert done.returncode == 1
    assert "choose another new secret" in done.stderr
    assert OLD not in done.stdout + done.stderr
