"""The OpenAPI document: whole, coherent, and true. That real answers fit it is held at every call (conftest)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.lms.api.conftest import PROBLEM

METHODS = {"get", "post", "put", "patch", "delete"}
PROMISED = (
    ("get", "/health", 200), ("get", "/courses", 200), ("get", "/courses/{code}", 200),
    ("post", "/courses/{code}/enrolments", 201), ("put", "/courses/{code}/lessons/{slug}/completion", 200),
    ("post", "/courses/{code}/attempts", 201), ("put", "/attempts/{attempt_id}/responses/{item}", 200),
    ("post", "/attempts/{attempt_id}/submission", 200), ("get", "/me/competencies", 200),
    ("get", "/me/credentials", 200), ("get", "/credentials/{serial}", 200), ("get", "/credentials/{serial}.pdf", 200),
    ("post", "/people/{employee_id}/observations", 201), ("get", "/reports/{kind}", 200),
    ("get", "/reports/golive", 200), ("get", "/framework", 200), ("get", "/measures", 200),
    ("get", "/comparisons", 200),
)  # fmt: skip


@pytest.fixture
def document(app) -> dict[str, Any]:
    answer = app.test_client().get("/api/v1/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.get_json()


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path.removeprefix("/api/v1"), operation)
        for path, entry in document["paths"].items()
        for method, operation in entry.items()
        if method in METHODS
    ]


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        mine = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return mine | {found for each in value.values() for found in references(each)}
    if isinstance(value, list):
        return {found for each in value for found in references(each)}
    return set()


def test_it_says_what_it_is(document) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == "Informatics Academy"
    assert document["info"]["version"] == "1"
    assert document["security"] == [{"token": []}]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_every_route_of_the_api_is_in_it(app, document) -> None:
    routes = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).removeprefix("/api/v1"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "api-docs.openapi_json"
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {(method, path) for method, path, _ in operations(document)} == routes
    assert routes == {(method, path) for method, path, _ in PROMISED}


def test_every_endpoint_states_its_success_and_its_problems(document) -> None:
    said = {(method, path): operation["responses"] for method, path, operation in operations(document)}
    for method, path, status in PROMISED:
        responses = said[method, path]
        assert str(status) in responses
        if path == "/health":
            continue
        assert "429" in responses
        assert path == "/credentials/{serial}" or "401" in responses
        assert "{" not in path or "404" in responses
    assert set(said["post", "/courses/{code}/attempts"]) >= {"201", "401", "404", "409", "429"}
    assert set(said["put", "/attempts/{attempt_id}/responses/{item}"]) >= {"400", "404", "409", "422"}
    assert set(said["get", "/credentials/{serial}.pdf"]) >= {"200", "401", "403", "404"}


def test_problems_have_their_own_media_type_everywhere(document) -> None:
    shared = document["components"]["responses"]
    for _, _, operation in operations(document):
        for status, response in operation["responses"].items():
            content = shared[response["$ref"].rsplit("/", 1)[1]] if "$ref" in response else response
            if status == "default" or int(status) >= 400:
                assert list(content["content"]) == [PROBLEM]
                assert content["content"][PROBLEM]["schema"]["$ref"].endswith("/Problem")
            else:
                assert list(content["content"]) in (["application/json"], ["application/pdf"])
            assert content["description"]


def test_every_reference_leads_somewhere_and_no_schema_is_left_over(document) -> None:
    found = references(document)
    for reference in found:
        place: Any = document
        for part in reference.removeprefix("#/").split("/"):
            place = place[part]
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert schemas <= found


def test_every_endpoint_is_named_told_apart_and_explained(document) -> None:
    summaries = [operation["summary"] for _, _, operation in operations(document)]
    assert len(set(summaries)) == len(summaries) == len(PROMISED)
    for _, path, operation in operations(document):
        assert operation["tags"]
        named = {p["name"] for p in operation.get("parameters", []) if "name" in p and p["in"] == "path"}
        shared = document["paths"][f"/api/v1{path}"].get("parameters", [])
        assert named | {p["name"] for p in shared} == set(re.findall(r"{(\w+)}", path))


def test_lists_state_their_paging_and_bodies_their_fields(document) -> None:
    said = {(method, path): operation for method, path, operation in operations(document)}
    for path in ("/courses", "/me/competencies", "/me/credentials"):
        assert {p["name"] for p in said["get", path]["parameters"]} == {"limit", "cursor"}
        assert "Link" in said["get", path]["responses"]["200"]["headers"]
    body = said["put", "/attempts/{attempt_id}/responses/{item}"]["requestBody"]["content"]["application/json"]
    answer = document["components"]["schemas"][body["schema"]["$ref"].rsplit("/", 1)[1]]
    assert answer["required"] == ["answer"]
    assert set(answer["properties"]) == {"answer", "confidence", "flagged"}
    assert {p["name"] for p in said["get", "/reports/{kind}"]["parameters"]} == {
        "unit", "as_of", "profession", "competencies", "compare_to", "course", "comparison", "measure",
    }  # fmt: skip


def test_public_endpoints_ask_for_no_token(document) -> None:
    free = {(method, path) for method, path, operation in operations(document) if operation.get("security") == []}
    assert free == {("get", "/health"), ("get", "/credentials/{serial}")}
