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
from tests.reading.reading import read

DAYS = ("--op", "2025-12-31", "--met", "2026-01-01")


STAYS = {
    "gezondheidsgegevens",
    "medische_verklaring",
    "behandelstatus",
    "strafrechtelijke_gegevens",
    "overgangsdocument",
}


def test_the_new_law_is_wider_but_for_what_the_doorstroompunt_keeps(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["vergelijk", *DAYS, "--json"]) == DIFFERENT
    (found,) = json.loads(capsys.readouterr().out)["vergelijkingen"]
    stricter = [group for group in found["groepen"] if group["richting"] == "strenger"]
    kept = [flow for group in stricter for flow in group["stromen"]]
    assert {flow["verstrekker"] for flow in kept} == {"doorstroompunt"}
    assert {flow["gegeven"] for flow in kept} == STAYS
    groups: list[dict[str, Any]] = [group for group in found["groepen"] if group not in stricter]
    assert {group["richting"] for group in groups} == {"ruimer"}
    assert all(group["volledige_lijst"] and not group["alleen_onvolledig"] for group in groups)
    duo = {one["gegeven"]: group for group in groups for one in group["stromen"] if one["verstrekker"] == "duo"}
    assert set(duo) == {"inschrijfgegevens", "diplomagegevens", "bsn", "verzuimgegevens"}
    monitoring = duo["inschrijfgegevens"]
    assert len(monitoring["gebieden"]) == 1
    assert monitoring["gebieden"][0]["voorwaarden"] == [
        "de leeftijd van de jongere is 23 tot en met 26",
        "het schooljaar waarin de jongere 16 werd is voorbij",  # at 23 it always is
        "de jongere heeft geen startkwalificatie",
    ]
    _examples_are_confirmed(found["groepen"])


def _examples_are_confirmed(groups: list[dict[str, Any]]) -> None:
    """Hold the example of every region to the independent reading, under both laws."""
    for group in groups:
        for region in group["gebieden"]:
            example = region["voorbeeld"]
            assert example is not None, region
            assert {"van": example["van"], "naar": example["naar"]} in region["oordelen"], region
            assert (example["naar"] == "toegestaan") == (group["richting"] == "ruimer")
            before = {**example["vraag"], "peildatum": "2025-12-31"}
            assert [one.answer.oordeel for one in read(before, 2025_12_31)] == [example["van"]]
            assert [one.answer.oordeel for one in read(example["vraag"], 2026_01_01)] == [example["naar"]]
            assert example["vraag"]["peildatum"] == "2026-01-01"
