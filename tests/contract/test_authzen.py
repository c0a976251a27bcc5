"""AuthZEN with the real law: what it says is what an advice says, and what cannot be decided is a problem."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from app.composition import compose
from app.main import assemble
from app.settings import Settings
from tests.contract.asking import JSON, QUESTION, fouten, problem

Json = dict[str, Any]
FLOW = QUESTION["delingen"][0]
CASUS = {name: value for name, value in QUESTION.items() if name != "delingen"}


def asks(casus: Json = CASUS, flow: Json = FLOW, **context: Any) -> Json:
    """Ask over AuthZEN what a question with this flow asks."""
    rest = {name: value for name, value in flow.items() if name == "afweging"}
    given = {**casus, "delingen": [rest]} if rest else casus
    return {
        "subject": {"type": "ontvanger", "id": flow["ontvanger"]},
        "action": {"name": flow["doel"]},
        "resource": {
            "type": "gegeven",
            "id": flow["gegevens"][0],
            "properties": {"verstrekker": flow["verstrekker"]},
        },
        "context": {"casus": given, **context},
    }


def post(client: TestClient, path: str, body: Any, **headers: str) -> Response:
    return client.post(f"/access/v1/{path}", content=json.dumps(body).encode(), headers={**JSON, **headers})


def decide(client: TestClient, body: Json) -> Json:
    response = post(client, "evaluation", body)
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    return answer


def without(casus: Json, *path: str) -> Json:
    made = copy.deepcopy(casus)
    here = made
    for name in path[:-1]:
        here = here[name]
    del here[path[-1]]
    return made


def test_case_3_1_1_is_permitted_with_its_ground(client: TestClient) -> None:
    answer = decide(client, asks())

    assert answer["decision"] is True
    context = answer["context"]
    assert (context["oordeel"], context["peildatum"]) == ("toegestaan", "2026-03-01")
    assert [(one["norm"], one["grondslag"]) for one in context["grondslagen"]] == [("ALB-1", "algemeen_belang")]
    assert context["verplichtingen"] == ["jongere_informeren", "motiveren", "vastleggen"]
    assert context["reason"].startswith("De school mag het overgangsdocument delen")


def test_an_open_fact_denies_and_names_the_place_to_fill_in(client: TestClient) -> None:
    answer = decide(client, asks(without(CASUS, "overgangsdocument", "akkoord_jongere")))

    assert answer["decision"] is False
    assert answer["context"]["oordeel"] == "onder_voorwaarden"
    (missing,) = answer["context"]["ontbrekend"]
    assert missing["feit"] == "context.casus.overgangsdocument.akkoord_jongere"
    assert missing["gunstig"] == [True]


NO_GROUND = {
    "verstrekker": "school",
    "ontvanger": "werkgever",
    "gegevens": ["stagegegevens"],
    "doel": "begeleiding_naar_werk",
}
WEIGHED = {**NO_GROUND, "afweging": {"gegevens": {"stagegegevens": "noodzakelijk"}, "alternatief": "geen"}}
REFUSAL = {**NO_GROUND, "gegeven": False}


@pytest.mark.parametrize(
    ("casus", "oordeel"),
    [(CASUS, "alleen_met_toestemming"), ({**CASUS, "toestemmingen": [REFUSAL]}, "niet_toegestaan")],
)
def test_every_other_oordeel_denies(client: TestClient, casus: Json, oordeel: str) -> None:
    answer = decide(client, asks(casus, WEIGHED))

    assert (answer["decision"], answer["context"]["oordeel"]) == (False, oordeel)
    assert answer["context"]["grondslagen"] == []
    assert bool(answer["context"]["ontbrekend"]) == (oordeel == "alleen_met_toestemming")
    assert answer["context"]["reason"]


def test_the_weighing_of_the_flow_stands_in_the_casus(client: TestClient) -> None:
    missing = decide(client, asks(CASUS, NO_GROUND))["context"]["ontbrekend"]
    weighed = decide(client, asks(CASUS, WEIGHED))["context"]["ontbrekend"]

    places = {one["feit"] for one in missing} - {one["feit"] for one in weighed}
    assert places == {
        "context.casus.delingen[0].afweging.gegevens.stagegegevens",
        "context.casus.delingen[0].afweging.alternatief",
    }


def test_nothing_in_an_answer_is_null(client: TestClient) -> None:
    assert "null" not in post(client, "evaluation", asks()).text


def test_nothing_said_is_nothing_known(client: TestClient) -> None:
    body = asks()
    del body["context"]

    assert decide(client, body)["context"]["oordeel"] == "onder_voorwaarden"


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("subject.type", {"subject": {"type": "user", "id": "school"}}),
        ("subject.id", {"subject": {"type": "ontvanger", "id": "jan.jansen@example.nl"}}),
        ("action.name", {"action": {"name": "can_read"}}),
        ("resource.type", {"resource": {"type": "record", "id": "1"}}),
        ("resource.id", {"resource": {"type": "gegeven", "id": "x", "properties": {"verstrekker": "school"}}}),
        (
            "resource.properties.verstrekker",
            {"resource": {"type": "gegeven", "id": "overgangsdocument", "properties": {"verstrekker": "scool"}}},
        ),
    ],
)
def test_a_word_that_is_not_known_denies_and_finds_nothing(client: TestClient, place: str, change: Json) -> None:
    body = {**asks(), **change}
    answer = decide(client, body)

    assert answer["decision"] is False
    assert answer["context"]["onbekend"] == [place]
    assert place in answer["context"]["reason"]
    assert "jansen" not in answer["context"]["reason"]
    for what in ("subject", "resource", "action"):
        if not place.startswith(what) or place.endswith(("type", "verstrekker")):
            assert post(client, f"search/{what}", body).json()["results"] == []


BROKEN: list[tuple[str, Json, set[str]]] = [
    ("no object", {"context": []}, {"context"}),
    ("casus no object", {"context": {"casus": "x"}}, {"context.casus"}),
    ("unknown field", {"context": {"casus": {"jongere": {"leeftjd": 18}}}}, {"context.casus.jongere.leeftjd"}),
    ("wrong type", {"context": {"casus": {"jongere": {"leeftijd": "18"}}}}, {"context.casus.jongere.leeftijd"}),
    (
        "properties",
        {"resource": {"type": "gegeven", "id": "x", "properties": 1}},
        {"resource.properties", "resource.properties.verstrekker"},
    ),
    (
        "property left out",
        {"resource": {"type": "gegeven", "id": "stagegegevens"}},
        {"resource.properties.verstrekker"},
    ),
    (
        "property no text",
        {"resource": {"type": "gegeven", "id": "stagegegevens", "properties": {"verstrekker": 1}}},
        {"resource.properties.verstrekker"},
    ),
    ("a bsn", {"context": {"casus": {"kenmerk": "111222333"}}}, {"context.casus.kenmerk"}),
    (
        "said twice",
        {"context": {"casus": {"delingen": [{"doel": "begeleiding_naar_werk"}]}}},
        {"context.casus.delingen[0].doel"},
    ),
    ("two flows", {"context": {"casus": {"delingen": [{}, {}]}}}, {"context.casus.delingen"}),
    ("no flow", {"context": {"casus": {"delingen": []}}}, {"context.casus.delingen"}),
    ("unseen", {"context": {"casus": {"kenmerk": "zaak\u200b77"}}}, {"context.casus.kenmerk"}),
    ("no time", {"context": {"time": "2026-03-01"}}, {"context.time"}),
    (
        "another day",
        {"context": {"time": "2026-03-01T12:00:00Z", "casus": {"peildatum": "2026-03-02"}}},
        {"context.time", "context.casus.peildatum"},
    ),
    (
        "activity",
        {"action": {"name": "x", "properties": {"processing_activity_id": "geen uri"}}},
        {"action.properties.processing_activity_id"},
    ),
    (
        "contradiction",
        {"context": {"casus": {"peildatum": "2026-03-01", "jongere": {"leeftijd": 18, "geboortedatum": "2000-01-01"}}}},
        {"context.casus.jongere.leeftijd", "context.casus.jongere.geboortedatum"},
    ),
    (
        "all at once",
        {"subject": {}, "action": 1, "context": {"time": 1, "casus": {"verzuim": {"weken": -1}, "x": 1}}},
        {"subject.type", "subject.id", "action", "context.time", "context.casus.verzuim.weken", "context.casus.x"},
    ),
]


@pytest.mark.parametrize(("change", "places"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_faults_name_their_place_in_the_request(client: TestClient, change: Json, places: set[str]) -> None:
    assert set(fouten(post(client, "evaluation", {**asks(), **change}))) == places


def test_a_time_and_a_peildatum_on_the_same_day_agree(client: TestClient) -> None:
    assert decide(client, asks(time="2026-02-28T23:30:00Z"))["decision"] is True


@pytest.mark.parametrize(
    ("time", "oordeel"),
    [("2025-12-31T22:59:59Z", "alleen_met_toestemming"), ("2025-12-31T23:00:00.5Z", "toegestaan")],
)
def test_the_time_chooses_the_law_by_the_day_in_the_netherlands(client: TestClient, time: str, oordeel: str) -> None:
    answer = decide(client, asks(without(CASUS, "peildatum"), time=time))

    assert answer["context"]["oordeel"] == oordeel
    assert answer["context"]["peildatum"] in ("2025-12-31", "2026-01-01")


def test_what_holds_for_every_route(client: TestClient) -> None:
    for path in ("evaluation", "evaluations", "search/subject", "search/resource", "search/action"):
        url = f"/access/v1/{path}"
        problem(client.post(url, content=b"{}", headers={"content-type": "text/plain"}), 415)
        problem(client.post(url, content=b"{", headers=JSON), 400)
        problem(client.post(url, content=b'{"a": 1, "a": 1}', headers=JSON), 400)
        problem(client.post(f"{url}/", content=b"{}", headers=JSON), 404)
        problem(client.get(url), 405)
        problem(client.post(url, content=b" " * 9_000_000, headers=JSON), 413)
        problem(client.post(f"{url}?x=1", content=b"{}", headers=JSON), 400)
        problem(client.post(url, content=b"{}", headers={**JSON, "accept": "text/html"}), 406)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"evaluations": {}}, "evaluations"),
        ({"evaluations": [{}] * 1001}, "evaluations"),
        ({"evaluations": [{}], "options": []}, "options"),
        ({"evaluations": [{}], "options": {"evaluations_semantic": "any"}}, "options.evaluations_semantic"),
        (
            {"evaluations": [
                {"action": {"name": "x", "properties": {"processing_activity_id": one}}} for one in ("urn:a", "urn:b")
            ]},
            "action.properties.processing_activity_id",
        ),
    ],
)  # fmt: skip
def test_a_batch_that_is_wrong_as_a_whole(client: TestClient, body: Json, place: str) -> None:
    assert list(fouten(post(client, "evaluations", {**asks(), **body}))) == [place]


@pytest.mark.parametrize("options", [None, {}, {"evaluations_semantic": None}])
def test_a_semantic_that_is_null_is_as_absent(client: TestClient, options: Json | None) -> None:
    body = {**asks(), "evaluations": [{"action": {"name": "x"}}, {}], "options": options}
    decisions = [one["decision"] for one in post(client, "evaluations", body).json()["evaluations"]]

    assert decisions == [False, True], "all are decided, also after a deny"


LOST: list[tuple[Json, str, str]] = [
    ({"context": {"jongere": {"leeftijd": 18}}}, "context.jongere", "context.casus.jongere"),
    ({"context": {"peildatum": "2026-03-01"}}, "context.peildatum", "context.casus.peildatum"),
    ({"context": {"casus": CASUS, "delingen": [{}]}}, "context.delingen", "context.casus.delingen"),
    ({"jongere": {"leeftijd": 18}}, "jongere", "context.casus.jongere"),
    ({"casus": CASUS}, "casus", "context.casus"),
    (
        {"subject": {"type": "ontvanger", "id": "doorstroompunt", "properties": {"jongere": {"leeftijd": 18}}}},
        "subject.properties.jongere",
        "context.casus.jongere",
    ),
    (
        {"subject": {"type": "ontvanger", "id": "doorstroompunt", "properties": {"verstrekker": "school"}}},
        "subject.properties.verstrekker",
        "resource.properties.verstrekker",
    ),
]


@pytest.mark.parametrize(("change", "place", "right"), LOST, ids=[one[1] for one in LOST])
def test_a_fact_in_a_place_where_it_would_not_count_is_told(
    client: TestClient, change: Json, place: str, right: str
) -> None:
    body = {**asks(), **change}
    for path in ("evaluation", "search/action"):
        (fault,) = problem(post(client, path, body), 400)["fouten"]
        assert (fault["veld"], fault["verwacht"]) == (place, f"Zet dit in {right}.")
    shared = post(client, "evaluations", {**body, "evaluations": [{}]}).json()["evaluations"]
    own = post(client, "evaluations", {**asks(), "evaluations": [change]}).json()["evaluations"]
    for answer in (*shared, *own):
        assert answer["decision"] is False
        assert [one["veld"] for one in answer["context"]["error"]["fouten"]] == [place]


def test_several_questions_and_their_semantic_are_not_ignored_where_they_do_not_count(client: TestClient) -> None:
    assert list(fouten(post(client, "evaluation", {**asks(), "evaluations": [{}]}))) == ["evaluations"]
    assert decide(client, {**asks(), "evaluations": []})["decision"] is True
    body = {**asks(), "evaluations": [{}], "evaluations_semantic": "deny_on_first_deny"}
    assert list(fouten(post(client, "evaluations", body))) == ["evaluations_semantic"]


def test_whatever_others_need_is_ignored(client: TestClient) -> None:
    """A gateway sends one request to many services; a text among an entity's properties is no fact about anyone."""
    body = asks(custom={"a": 1}, jongere=None)
    body["subject"]["properties"] = {"kenmerk": "x", "afdeling": {"naam": "y"}, "doel": "z"}
    body["page"] = {"limit": 10}
    assert decide(client, body)["decision"] is True


def test_the_reason_stands_where_the_standard_shows_it(client: TestClient) -> None:
    granted = decide(client, asks())["context"]
    denied = decide(client, asks(without(CASUS, "overgangsdocument", "akkoord_jongere")))["context"]
    strange = decide(client, {**asks(), "action": {"name": "x"}})["context"]
    error = post(client, "evaluations", {**asks(), "evaluations": [{"context": 1}]}).json()["evaluations"][0]["context"]

    for context in (granted, denied):
        assert context["reason_user"] == {"nl": context["samenvatting"]}
    assert strange["reason_user"] == {"nl": strange["reason"]}
    assert granted["reason_admin"] == {"nl": "Oordeel: toegestaan. Norm: ALB-1."}
    assert denied["reason_admin"] == {
        "nl": "Oordeel: onder_voorwaarden. Ontbreekt: context.casus.overgangsdocument.akkoord_jongere."
    }
    assert strange["reason_admin"] == {"nl": "Een woord dat deze dienst niet kent, in action.name."}
    assert error["reason_user"] == {"nl": error["error"]["message"]}
    assert error["reason_admin"] == {"nl": "Status 400. Fouten in: context."}


def test_a_context_of_ones_own_replaces_the_shared_one(client: TestClient) -> None:
    body = {**asks(), "evaluations": [{}, {"context": {}}, {"context": {"casus": {"x": 1}}}, 7]}

    shared, own, bad, none = post(client, "evaluations", body).json()["evaluations"]
    assert shared["decision"] is True
    assert own["context"]["oordeel"] == "onder_voorwaarden"
    assert bad["context"]["error"]["fouten"][0]["veld"] == "context.casus.x"
    assert none["context"]["error"]["status"] == 400


@pytest.mark.parametrize("what", ["subject", "resource", "action"])
def test_a_search_finds_what_evaluations_permit_in_vocabulary_order(client: TestClient, what: str) -> None:
    key = "name" if what == "action" else "id"
    body = asks()
    words = client.get("/access/v1/openapi.json").json()["components"]["schemas"][what.capitalize()]["properties"]
    giver = body["resource"]["properties"]["verstrekker"]  # gives nothing to itself: that is a 400
    permitted = [
        word
        for word in words[key]["examples"]
        if word != giver and decide(client, {**body, what: {**body[what], key: word}})["decision"]
    ]

    found = post(client, f"search/{what}", body).json()["results"]
    assert [one[key] for one in found] == permitted
    assert permitted
    assert len(permitted) < len(words[key]["examples"])


def test_the_metadata_uses_the_callers_address_where_none_is_configured(client: TestClient) -> None:
    response = client.get("/.well-known/authzen-configuration", headers={"host": "pdp.example.nl:8443"})

    assert response.json()["policy_decision_point"] == "http://pdp.example.nl:8443"
    assert response.headers.get_list("cache-control") == ["no-store"], "an address that a caller made up is not kept"
    problem(client.get("/.well-known/authzen-configuration", headers={"host": "x/y?z"}), 400)


def test_without_a_mapping_there_is_no_authzen(tmp_path: Any) -> None:
    settings = Settings(log_url="geen", cache=tmp_path)
    bare = TestClient(assemble(replace(compose(settings), authzen=None), settings))

    problem(post(bare, "evaluation", asks()), 404)
    problem(bare.get("/.well-known/authzen-configuration"), 404)
    problem(bare.get("/access/v1/openapi.json"), 404)
    assert bare.get("/v1/openapi.json").status_code == 200
