import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.sign_up.submission import MOST_TAGS, Submission, fields_of_json, understood

INES = "ines@reader.example"

RECORDED = {
    "listmonk": [
        ("nonce", ""),
        ("email", INES),
        ("name", "Ines"),
        ("l", "d1b2c3a4-0000-4000-8000-000000000001"),
        ("l", "d1b2c3a4-0000-4000-8000-000000000002"),
    ],
    "Buttondown": [("email", INES), ("embed", "1"), ("metadata__name", "x"), ("name", "Ines")],
    "Keila": [
        ("contact[email]", INES),
        ("contact[first_name]", "Ines"),
        ("contact[data][city]", "Porto"),
        ("h[url]", ""),
    ],
    "Mailcoach": [("email", INES), ("first_name", "Ines"), ("last_name", "")],
    "Sendy": [("name", "Ines"), ("email", INES), ("list", "AbC"), ("hp", ""), ("subform", "yes")],
    "Mailchimp": [("EMAIL", INES), ("FNAME", "Ines"), ("LNAME", ""), ("b_1f2_3c4", "")],
}
TRAPS = {
    "listmonk": "nonce",
    "Keila": "h[url]",
    "Sendy": "hp",
    "Mailchimp": "b_1f2_3c4",
}

texts = st.text(max_size=20)
names = st.sampled_from(
    ["email", "EMAIL", "name", "FNAME", "tag", "tags", "nonce", "b_1_2", "next", "boolean", "l"]
) | st.text(max_size=12)
forms = st.lists(st.tuples(names, texts), max_size=12)


@pytest.mark.parametrize("service", RECORDED)
def test_a_form_of_another_service_is_understood_as_it_is(service):
    assert understood(RECORDED[service]) == Submission(email=INES, name="Ines")


@pytest.mark.parametrize("service", TRAPS)
def test_a_field_that_people_do_not_see_traps_robots(service):
    filled = [*RECORDED[service], (TRAPS[service], "http://spam.example")]

    assert understood(filled).trapped


def test_first_and_last_name_become_one():
    assert understood([("FNAME", "Ines"), ("LNAME", "Abel")]).name == "Ines Abel"


def test_tags_come_one_by_one_or_joined_and_not_without_end():
    few = understood([("tag", "a"), ("tag", "b"), ("tags", "b; c,d")])
    many = understood([("tag", str(number)) for number in range(50)])

    assert few.tags == ("a", "b", "c", "d")
    assert len(many.tags) == MOST_TAGS


def test_where_to_go_on_is_the_page_for_everybody_and_never_the_one_for_members():
    assert understood([("next", "https://a.example/")]).next_page == "https://a.example/"
    mailcoach = [
        ("redirect_after_subscribed", "https://a.example/new"),
        ("redirect_after_already_subscribed", "https://a.example/old"),
        ("redirect_after_subscription_pending", "https://a.example/wait"),
    ]
    assert understood(mailcoach).next_page == "https://a.example/wait"


@given(forms)
def test_any_form_can_be_read(fields):
    read = understood(fields)

    assert len(read.tags) <= MOST_TAGS
    assert read.email == "" or read.email in [value for _, value in fields]


@given(forms, st.randoms(use_true_random=False))
def test_the_order_of_different_fields_does_not_matter(fields, random):
    single = list({name.strip().lower(): (name, value) for name, value in fields}.values())
    shuffled = random.sample(single, len(single))

    first, second = understood(single), understood(shuffled)

    assert first == second or set(first.tags) == set(second.tags)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | texts,
        lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    )
)
def test_any_json_can_be_read(value):
    understood(fields_of_json(value))


@given(forms)
def test_json_and_a_form_say_the_same(fields):
    as_json: dict[str, list[str]] = {}
    for name, value in fields:
        as_json.setdefault(name, []).append(value)
    in_its_order = [(name, value) for name, values in as_json.items() for value in values]

    assert fields_of_json(as_json) == in_its_order
