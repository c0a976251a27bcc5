"""How contract tests ask and what they expect of any problem."""

from __future__ import annotations

import json
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

JSON = {"content-type": "application/json"}
QUESTION: dict[str, Any] = {
    "kenmerk": "2026-00123",
    "peildatum": "2026-03-01",
    "jongere": {
        "leeftijd": 18,
        "opleiding": "mbo_2_bol",
        "ingeschreven": True,
        "gebruik_aanvullende_loopbaanbegeleiding": True,
        "stemt_in_met_begeleiding_gemeente": True,
    },
    "overgangsdocument": {"vastgesteld_in_regio": True, "akkoord_jongere": True, "inhoud": ["stagegegevens"]},
    "delingen": [
        {
            "verstrekker": "school",
            "ontvanger": "gemeente_participatie",
            "gegevens": ["overgangsdocument"],
            "doel": "aanvullende_loopbaanbegeleiding",
        }
    ],
}


def ask(client: TestClient, question: Any, path: str = "/v1/advies") -> Response:
    """Send a question: values as JSON, bytes as they are."""
    body = question if isinstance(question, bytes) else json.dumps(question).encode()
    return client.post(path, content=body, headers=JSON)


def problem(response: Response, status: int) -> dict[str, Any]:
    """Return the body after checking that it is a problem as the contract has it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["api-version"]
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert {"type", "title", "status", "detail"} <= body.keys() <= {"type", "title", "status", "detail", "fouten"}
    for fout in body.get("fouten", ()):
        assert {"veld", "melding", "verwacht"} <= fout.keys() <= {"veld", "melding", "verwacht", "strijdigheid"}
        assert fout["melding"]
        assert fout["verwacht"]
    return body


def fouten(response: Response) -> dict[str, str]:
    """Return the faults of a 400: field to message."""
    return {fout["veld"]: fout["melding"] for fout in problem(response, 400)["fouten"]}
