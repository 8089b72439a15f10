import re

from subscribers.models import new_public_id


def test_a_public_id_can_stand_in_links_and_after_a_command():
    ids = {new_public_id() for _ in range(500)}

    assert len(ids) == 500
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{11}", each) for each in ids)
