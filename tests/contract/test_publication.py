"""What is published beside the code: complete, within its lengths, and true of the code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.lang.vocabulary import Vocabulary
from app.settings import VERSION, Settings
from app.store.policies import read_policies

ROOT = Path(__file__).resolve().parents[2]
EMAIL = re.compile(r"[\w.-]+@[\w.-]+[.]\w+")
REQUIRED_PUBLICCODE = {
    "publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType", "description", "legal",
    "maintenance", "localisation",
}  # fmt: skip
REQUIRED_REGISTER = {
    "name", "description_short", "organization", "theme", "status", "start_date", "contact", "publication_category",
    "purpose_and_impact", "considerations", "human_intervention", "risk_management", "impact_assessments", "data",
    "technical_operation", "supplier", "language", "schema",
}  # fmt: skip
OPTIONAL_REGISTER = {"legal_basis", "source_code_link"}


@pytest.fixture(scope="module")
def publiccode() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def register() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "algoritmeregister.json").read_text(encoding="utf-8"))
    return found


def test_publiccode_has_what_the_standard_asks(publiccode: dict[str, Any]) -> None:
    assert publiccode.keys() - {"softwareVersion"} == REQUIRED_PUBLICCODE
    assert publiccode["publiccodeYmlVersion"] == "0.7"
    assert publiccode["softwareVersion"] == VERSION
    assert publiccode["url"].startswith("https://")
    assert publiccode["softwareType"] == "standalone/backend"
    assert publiccode["developmentStatus"] in ("concept", "development", "beta", "stable", "obsolete")
    assert publiccode["legal"]["license"] == "EUPL-1.2"
    assert publiccode["localisation"]["availableLanguages"] == ["nl"], "the language that callers read"
    assert publiccode["localisation"]["localisationReady"] is False
    assert publiccode["maintenance"]["type"] == "community"
    assert all(one["name"] and EMAIL.fullmatch(one["email"]) for one in publiccode["maintenance"]["contacts"])


@pytest.mark.parametrize("language", ["nl", "en"])
def test_publiccode_describes_it_within_its_lengths(publiccode: dict[str, Any], language: str) -> None:
    described = publiccode["description"][language]
    assert 0 < len(described["shortDescription"]) <= 150
    assert 150 <= len(described["longDescription"]) <= 10_000
    assert described["features"]
    assert all(0 < len(one) <= 100 for one in described["features"])


def test_the_register_entry_has_what_the_standard_asks(register: dict[str, Any]) -> None:
    assert register.keys() - OPTIONAL_REGISTER == REQUIRED_REGISTER
    assert register["schema"] == "1.0.0"
    assert register["language"] == "nld"
    assert len(register["description_short"]) < 400
    assert re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", register["start_date"])
    assert EMAIL.fullmatch(register["contact"])
    for name, value in register.items():
        assert value or name == "impact_assessments"
        assert len(str(value)) <= 2500


def test_the_register_entry_is_honest(register: dict[str, Any]) -> None:
    assert register["status"] == "In ontwikkeling"
    assert "nog geen jurist heeft de regels goedgekeurd" in register["considerations"]
    assert "No jurist has signed off the rules yet" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "Nog geen school of gemeente gebruikt" in register["purpose_and_impact"]
    assert register["impact_assessments"] == []


def test_the_register_entry_names_every_oordeel(register: dict[str, Any]) -> None:
    settings = Settings()
    vocabulary: Vocabulary = read_policies(settings.facts, settings.policies).vocabulary
    labels = vocabulary.domains["oordeel"].labels
    assert labels
    for label in labels.values():
        assert label.lower() in register["technical_operation"].lower()


def test_sentences_of_the_register_entry_are_short(register: dict[str, Any]) -> None:
    for name in ("purpose_and_impact", "considerations", "human_intervention", "risk_management", "data"):
        for sentence in re.split(r"[.:!?] ", register[name]):
            assert len(sentence.split()) <= 20, sentence


@pytest.mark.parametrize(
    "name",
    ["README.md", "LICENSE", "CONTRIBUTING.md", "GOVERNANCE.md", "CODE_OF_CONDUCT.md", "SECURITY.md", "CHANGELOG.md"],
)
def test_what_a_public_code_base_has_is_here(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8")) > 300


def test_security_says_where_to_report_and_which_versions() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert EMAIL.search(text)
    assert f"| {VERSION.rpartition('.')[0]} | yes |" in text


def test_each_promise_of_security_names_tests_that_are_there() -> None:
    named = re.findall(r"`(tests/[\w/]+[.]py)`(?: \(((?:`\w+`(?:, )?)+)\))?", (ROOT / "SECURITY.md").read_text("utf-8"))
    assert len(named) > 30
    for path, parts in named:
        names = re.findall(r"def (test_\w+)", (ROOT / path).read_text(encoding="utf-8"))
        assert names, path
        for part in re.findall(r"\w+", parts):
            assert any(part in name for name in names), (path, part)
