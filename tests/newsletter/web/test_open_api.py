"""The JSON doors do what the OpenAPI document says, whatever is sent to them."""

from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import SecretStr
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from newsletter.service import Service
from newsletter.web.app import create_app
from tests.factories import add_subscribers, store_comparisons

DOCUMENT = "/api/v1/openapi.json"
TOKEN = "a token that is only good for tests"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
DOORS = {
    ("post", "/subscribe"),
    ("post", "/api/v1/comparisons"),
    ("get", "/archive/{number}.json"),
    ("get", "/feed.json"),
    ("get", "/healthz"),
    ("get", "/readyz"),
}
ASKED_FOR_SOMETHING = sorted(door for door in DOORS if door[0] == "post" or "{" in door[1])
CASES = [
    *((GenerationMode.POSITIVE, door) for door in sorted(DOORS)),
    *((GenerationMode.NEGATIVE, door) for door in ASKED_FOR_SOMETHING),
]
EXAMPLES = 15


@pytest.fixture
def open_service(service: Service) -> Service:
    with service.database.writing() as session:
        store_comparisons(session, 2)
        add_subscribers(session, 1)
    service.desk.send(service.desk.build(service.desk.slots.next(), actor="test").number, actor="t")
    opened = service.settings.model_copy(update={"api_token": SecretStr(TOKEN)})
    return replace(service, settings=opened)


def test_the_document_names_every_json_door_and_no_other(open_service):
    document = TestClient(create_app(open_service)).get(DOCUMENT).json()

    found = {(method, path) for path, item in document["paths"].items() for method in item}
    assert found == DOORS
    for path, item in document["paths"].items():
        for operation in item.values():
            assert operation["description"], path
            assert {"application/json", "application/feed+json"} & {
                *operation["responses"]["200"]["content"]
            }


@pytest.mark.parametrize(("mode", "door"), CASES)
def test_what_is_generated_meets_no_failure_and_no_breach(open_service, door, mode):
    schema = schemathesis.openapi.from_asgi(DOCUMENT, create_app(open_service))
    operation = schema[door[1]][door[0].upper()]
    answered = []

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def hold(case: Any) -> None:
        bearer = {"Authorization": f"Bearer {TOKEN}"}
        answer = case.call(headers=bearer)
        answered.append(answer.status_code)
        case.validate_response(answer, checks=CHECKS, headers=bearer)

    hold()
    assert answered
