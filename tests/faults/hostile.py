"""A caller that asks whatever costs most, from a process of its own, so that it takes nothing of who measures."""

from __future__ import annotations

import http.client
import itertools
import json
import sys
import threading
import time
from typing import Any

from tests.contract.asking import QUESTION

DELING = QUESTION["delingen"][0]
CONSENTS = {"delingen": [{**DELING, "gegevens": DELING["gegevens"] * 250}], "toestemmingen": [DELING] * 300}
HEAVY: dict[str, tuple[str, Any]] = {
    "listing": ("/v1/advies", {}),
    "consents": ("/v1/advies", CONSENTS),
    "reeks": ("/v1/advies/reeks", {"casussen": [QUESTION] * 300}),
    "uitleg": ("/v1/advies/reeks?uitleg=volledig", {"casussen": [{"delingen": [DELING] * 10}] * 10}),
    "vragen": ("/v1/vragen", {"casus": {}, "vraag": "mag(D, N) & ~mag(D, 'TST-1')"}),
    "fouten": ("/v1/advies", {f"x{number}": 1 for number in range(4_000)}),
}


def ask_for_ever(port: int, key: str, kinds: list[str]) -> None:
    """Ask these kinds in turn, over one connection; a refusal is followed by the next question."""
    bodies = [(path, json.dumps(body).encode()) for path, body in (HEAVY[kind] for kind in kinds)]
    headers = {"content-type": "application/json", "x-api-key": key}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for path, body in itertools.cycle(bodies):
        try:
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            response.read()
            if response.status == 429:
                time.sleep(0.1)
        except (OSError, http.client.HTTPException):
            connection.close()
            time.sleep(0.1)


def main(port: str, key: str, connections: str, *kinds: str) -> None:
    """Ask over so many connections, each beginning with another kind, until the process is ended."""
    for number in range(int(connections)):
        turned = [kinds[(number + step) % len(kinds)] for step in range(len(kinds))]
        threading.Thread(target=ask_for_ever, args=(int(port), key, turned), daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
