"""What docs/authzen.md says is so.

`python -m tests.contract.test_authzen_docs` writes its answer anew; review it by its diff.
"""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.testclient import TestClient

from app.main import create_app
from app.web.authzen.answers import OF_FLOW
from app.web.authzen.batch import SEMANTICS
from app.web.authzen.routes import EVENTS
from tests.contract.test_docs import ROOT, blocks, curl_request, layout, masked

GUIDE = ROOT / "docs" / "authzen.md"


def printed_answer(client: TestClient) -> tuple[str, dict[str, Any]]:
    """Ask the guide's question: the answer as it is printed, and as it is."""
    (command,) = blocks(GUIDE, "sh")
    path, headers, body = curl_request(command)
    answer = client.post(path, headers=headers, content=body.encode()).json()
    shown = {name: value for name, value in masked(answer["context"] | {"advies": "…"}).items() if name != "id"}
    return f"{layout({**answer, 'context': shown})}\n", answer


def test_its_request_is_answered_as_printed(client: TestClient) -> None:
    printed, answer = printed_answer(client)

    assert blocks(GUIDE, "json") == [printed]
    assert answer["decision"] is False
    assert [one["feit"] for one in answer["context"]["ontbrekend"]] == [
        "context.casus.overgangsdocument.akkoord_jongere"
    ]


def test_filling_in_what_is_missing_permits(client: TestClient) -> None:
    body = json.loads(curl_request(blocks(GUIDE, "sh")[0])[2])
    body["context"]["casus"]["overgangsdocument"]["akkoord_jongere"] = True

    assert client.post("/access/v1/evaluation", json=body).json()["decision"] is True


def test_every_word_of_the_protocol_is_documented() -> None:
    text = re.sub(r"^```.*?^```$", "", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    words = set(re.findall(r"`([^`]+)`", text))

    assert {*OF_FLOW, *SEMANTICS, *EVENTS.values()} <= words


def rewrite() -> None:
    """Write the guide's answer anew."""
    with TestClient(create_app()) as client:
        printed = printed_answer(client)[0]
    old = GUIDE.read_text(encoding="utf-8")
    GUIDE.write_text(
        re.sub(r"^```json\n.*?^```$", lambda _: f"```json\n{printed}```", old, flags=re.MULTILINE | re.DOTALL),
        encoding="utf-8",
    )


if __name__ == "__main__":
    rewrite()
