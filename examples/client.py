"""Ask Deelwijzer whether something may be shared, and act on the answer. Needs Python 3.11 and nothing else.

    DEELWIJZER_URL=http://127.0.0.1:8000 python examples/client.py

With access configured, DEELWIJZER_SLEUTEL holds an API key.
"""

from __future__ import annotations

import copy
import http.client
import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.request
from typing import Any

BASE = os.environ.get("DEELWIJZER_URL", "http://127.0.0.1:8000").rstrip("/")
KEY = os.environ.get("DEELWIJZER_SLEUTEL", "")
TRIES = 3
LONGEST_WAIT = 10
TRACE = secrets.token_hex(16)
"""One trace for this whole run. The decision log keeps it with every call: both logs can be laid side by side."""

# Case 3.1.1 of the servicedocument, as in the README.
QUESTION: dict[str, Any] = {
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


class NoAnswer(Exception):
    """There is no answer; so do not share. `problem` says why (RFC 9457)."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail") or "Er kwam geen antwoord.")
        self.problem = problem


def call(path: str, question: dict[str, Any] | None = None) -> Any:
    """Ask; try again when the service cannot answer now. Raises NoAnswer."""
    body = None if question is None else json.dumps(question).encode()
    fault = NoAnswer({})
    for attempt in range(TRIES):
        wait = None
        try:
            with urllib.request.urlopen(urllib.request.Request(BASE + path, body, headers()), timeout=10) as response:
                return json.load(response)
        except urllib.error.HTTPError as refused:
            fault, wait = NoAnswer(problem_of(refused)), wait_of(refused)
        except (OSError, http.client.HTTPException, ValueError) as broken:
            # Refused, timed out, broken off, or no JSON: whatever stood in between, this is no answer.
            fault, wait = NoAnswer({"detail": f"Deelwijzer op {BASE} geeft geen antwoord: {broken}"}), attempt + 1
        if wait is None:
            break
        if attempt + 1 < TRIES:
            time.sleep(min(wait, LONGEST_WAIT))
    raise fault


def headers() -> dict[str, str]:
    """The headers of one call: in the trace of this run, with a span of its own."""
    trace = f"00-{TRACE}-{secrets.token_hex(8)}-01"
    found = {"content-type": "application/json", "accept": "application/json", "traceparent": trace}
    return {**found, "authorization": f"Bearer {KEY}"} if KEY else found


def problem_of(refused: urllib.error.HTTPError) -> dict[str, Any]:
    """What is wrong; a proxy in between may answer in a form of its own."""
    try:
        found = json.load(refused)
    except (OSError, http.client.HTTPException, ValueError):
        found = None
    if isinstance(found, dict):
        return found
    return {"status": refused.code, "detail": f"Deelwijzer op {BASE} geeft geen antwoord (status {refused.code})."}


def wait_of(refused: urllib.error.HTTPError) -> int | None:
    """How many seconds to wait before trying again; None when that does not help."""
    said = refused.headers.get("retry-after", "")
    if said.isdigit():
        return int(said)
    return 1 if refused.code in (502, 504) else None


def labels() -> dict[str, str]:
    """The words of answers in plain Dutch, by domain and word. Fetch them once; they change with the law only."""
    shown = call("/v1/woorden")["domeinen"]
    return {f"{one['domein']} {word['woord']}": word["label"] for one in shown for word in one["woorden"]}


def may_share(advies: dict[str, Any]) -> bool:
    """Only `toegestaan` means yes. Everything else, also a word this client does not know, means: not now."""
    return bool(advies["oordeel"] == "toegestaan")


def show(answer: dict[str, Any], words: dict[str, str]) -> None:
    """Say what to do; a word without a label is shown as it is."""

    def label(domain: str, word: str) -> str:
        return words.get(f"{domain} {word}", word)

    print(f"advies {answer['id']}, volgens {answer['beleid']['versie']}")
    for advies in answer["adviezen"]:
        print(f"{label('gegeven', advies['deling']['gegeven'])}: {label('oordeel', advies['oordeel'])}")
        print(f"  {advies['toelichting']}")
        for ground in advies["grondslagen"]:
            source = ground["bronnen"][0]
            print(f"  omdat: {label('grondslag', ground['grondslag'])} ({source['titel']}, {source['artikel']})")
        for duty in advies["verplichtingen"] if may_share(advies) else ():
            print(f"  doe ook: {label('verplichting', duty)}")
        if may_share(advies) and advies["voor_de_jongere"] is not None:
            print(f"  zeg tegen de jongere: {advies['voor_de_jongere']['tekst']}")
        for way in () if may_share(advies) else advies["wegen"]:
            kind = "alleen bij uitzondering" if way["uitzonderlijk"] else "kan"
            print(f"  {kind} op {way['norm']}: {label('grondslag', way['grondslag'])}")
            for missing in way["ontbrekend"]:
                print(f"    nodig: {missing['feit']} ({missing['soort']}): {missing['vraag']}")


def main() -> int:
    """Ask the case, and ask it again as it was before the young person agreed."""
    before = copy.deepcopy(QUESTION)
    before["overgangsdocument"].pop("akkoord_jongere", None)
    try:
        words = labels()
        for question in (QUESTION, before):
            show(call("/v1/advies", question), words)
    except NoAnswer as none:
        print(none)
        for fout in none.problem.get("fouten", ()):
            print(f"  {fout['veld']}: {fout['melding']} {fout['verwacht']}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
