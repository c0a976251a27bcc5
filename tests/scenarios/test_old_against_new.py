"""The law until 2026 against the law since: nothing narrower, and these groups wider.

Goes in: both laws as they stand. Comes out: the groups of flows, by size and number of regions. Whoever changes the law
changes these numbers, and reads in the comparison whether that was meant.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.cli import main
from app.cli_compare import DIFFERENT

DAYS = ("--op", "2025-12-31", "--met", "2026-01-01")


def test_the_new_law_is_only_wider(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vergelijk", *DAYS, "--json"]) == DIFFERENT
    (found,) = json.loads(capsys.readouterr().out)["vergelijkingen"]
    groups: list[dict[str, Any]] = found["groepen"]
    assert {group["richting"] for group in groups} == {"ruimer"}
    assert all(group["volledige_lijst"] and not group["alleen_onvolledig"] for group in groups)
    assert len({tuple(flow.values()) for group in groups for flow in group["stromen"]}) == 225
    duo = {one["gegeven"]: group for group in groups for one in group["stromen"] if one["verstrekker"] == "duo"}
    assert set(duo) == {"inschrijfgegevens", "diplomagegevens"}
    monitoring = duo["inschrijfgegevens"]
    assert len(monitoring["gebieden"]) == 1
    assert monitoring["gebieden"][0]["voorwaarden"] == [
        "de leeftijd van de jongere is 23 tot en met 26",
        "de jongere heeft geen startkwalificatie",
    ]
    _examples_are_confirmed(groups)


def _examples_are_confirmed(groups: list[dict[str, Any]]) -> None:
    for group in groups:
        for region in group["gebieden"]:
            example = region["voorbeeld"]
            assert example is not None, region
            assert {"van": example["van"], "naar": example["naar"]} in region["oordelen"], region
            assert example["naar"] == "toegestaan"
            assert example["vraag"]["peildatum"] == "2026-01-01"
