"""Ask Deelwijzer whether something may be shared, and act on the answer. Needs Python 3.11 and nothing else.

    DEELWIJZER_URL=http://127.0.0.1:8000 python examples/client.py

With access configured, DEELWIJZER_SLEUTEL holds an API key.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.request
from typing import Any

BASE = os.environ.get("DEELWIJZER_URL", "http://127.0.0.1:8000")
KEY = os.environ.get("DEELWIJZER_SLEUTEL", "")
TRIES = 3

QUESTION = {
    "kenmerk": "voorbeeld-1",
    "peildatum": "2026-03-01",
    "jongere": {"leeftijd": 18, "opleiding": "mbo_2_bol", "ingeschreven": True},
    "delingen": [
        {
            "verstrekker": "school",
            "ontvanger": "gemeente_participatie",
            "gegevens": ["overgangsdocument", "behandelstatus"],
            "doel": "aanvullende_loopbaanbegeleiding",
        }
    ],
}


class Refused(Exception):
    """The question was not answered; `problem` says why (RFC 9457)."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem["title"])
        self.problem = problem


def ask(question: dict[str, Any]) -> dict[str, Any]:
    """Ask once; try again when the service says it cannot answer now (429, 503 with Retry-After)."""
    # One trace for the whole conversation: the decision log keeps it, so both logs can be laid side by side.
    trace = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
    headers = {"content-type": "application/json", "accept": "application/json", "traceparent": trace}
    if KEY:
        headers["authorization"] = f"Bearer {KEY}"
    for attempt in range(TRIES):
        request = urllib.request.Request(f"{BASE}/v1/advies", json.dumps(question).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                answer: dict[str, Any] = json.load(response)
                return answer
        except urllib.error.HTTPError as fault:
            problem = json.load(fault)
            wait = fault.headers.get("retry-after")
            if wait is None or attempt + 1 == TRIES:
                raise Refused(problem) from None
            time.sleep(min(int(wait), 10))
    raise AssertionError("unreachable")


def may_share(advies: dict[str, Any]) -> bool:
    """Only `toegestaan` means yes. Everything else, also a word this client does not know, means: not now."""
    return bool(advies["oordeel"] == "toegestaan")


def main() -> int:
    """Ask the example and say what to do."""
    try:
        answer = ask(QUESTION)
    except Refused as refused:
        print(refused.problem["detail"])
        for fout in refused.problem.get("fouten", ()):
            print(f"  {fout['veld']}: {fout['melding']} {fout['verwacht']}")
        return 1
    print(f"advies {answer['id']}, volgens {answer['beleid']['versie']}")
    for advies in answer["adviezen"]:
        print(f"{advies['deling']['gegeven']}: {advies['oordeel']}")
        print(f"  {advies['toelichting']}")
        for duty in advies["verplichtingen"] if may_share(advies) else ():
            print(f"  doe ook: {duty}")
        for missing in () if may_share(advies) else advies["ontbrekend"]:
            print(f"  nodig: {missing['feit']} ({missing['soort']}): {missing['vraag']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
