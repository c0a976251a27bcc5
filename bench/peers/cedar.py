"""The four norms in Cedar, decided by cedarpy.

Goes in: a program of the law for its tables, then the facts of a question. Comes out: the norms that permit its flow.
Must not know: what a norm says; `norms.cedar` does.

Tables of the law become groups of entities, and their terms in years attributes. What Cedar cannot say (that some
element of a set belongs to a group) is worked out here for the document's contents and for the earlier purposes. It
cannot range over a list of records either: a flow has at most one recorded consent of the young person and one of who
represents.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import cedarpy

from app.engine.facts import FactSet
from app.lang.program import Program
from bench.peers.tables import rows_of

RULES: Final = Path(__file__).with_name("norms.cedar")
TYPES: Final = {"partij": "Partij", "gegeven": "Gegeven", "doel": "Doel", "opleiding": "Opleiding"}
CONSENT: Final = "toestemming_"
HELD: Final = ("gevoelig", "persoonsnummer", "blijft_bij_doorstroompunt")
"""The groups of which a norm asks whether the document holds such an item."""
YES: Final = "ja"


class CedarNorms:
    """The norms and the tables of one program, parsed once."""

    def __init__(self, program: Program) -> None:
        text = RULES.read_text(encoding="utf-8")
        self._policies = cedarpy.PolicySet.from_str(text)
        parsed = json.loads(cedarpy.policies_to_json_str(text))["staticPolicies"]
        self._norms = {own: one["annotations"]["id"] for own, one in parsed.items()}
        self._entities = cedarpy.Entities.from_json_str(json.dumps(_entities(program)))
        self._tables = _groups(program)

    def permitting(self, facts: FactSet) -> frozenset[str]:
        """Return the norms that permit the flow; RuntimeError for a policy that reads a fact that is left out."""
        answer = cedarpy.is_authorized(self.request(facts), self._policies, self._entities)
        if answer.diagnostics.errors:
            raise RuntimeError("; ".join(str(one) for one in answer.diagnostics.errors))
        return frozenset(self._norms[one] for one in answer.diagnostics.reasons) if answer.allowed else frozenset()

    def request(self, facts: FactSet) -> dict[str, Any]:
        """Write a question about one flow as a Cedar request."""
        known = facts.known
        ((_, _, verstrekker, ontvanger, gegeven, doel),) = known["deling"]
        flow = (verstrekker, ontvanger, gegeven, doel)
        said = {
            name: _value(rows[0][1])
            for name, rows in known.items()
            if len(rows) == 1 and len(rows[0]) == 2 and not name.startswith(CONSENT)
        }
        earlier = [row[2] for row in known.get("herkomst", ()) if row[1] == gegeven]
        inside = [row[1] for row in known.get("inhoud", ())]
        context: dict[str, Any] = {
            **said,
            "ontvanger": _reference("Partij", ontvanger),
            "doel": _reference("Doel", doel),
            "opleiding": _reference("Opleiding", known["opleiding"][0][1]),
            "herkomst": [_reference("Doel", one) for one in earlier],
            "inhoud": [_reference("Gegeven", one) for one in inside],
            "inhoud_groepen": [
                _reference("Groep", name) for name in HELD if any(one in self._tables[name] for one in inside)
            ],
            "inhoud_buiten_proportie": any(
                one in self._tables["bijzonder"] - self._tables["gezondheidsverklaring"] for one in inside
            ),
            "herkomst_in_keten": doel in self._tables["ketendoel"]
            and any(one in self._tables["ketendoel"] for one in earlier),
        }
        recorded = [row[1] for row in known.get("toestemming", ()) if row[2:] == flow]
        for entry in recorded:
            consent = {
                name.removeprefix(CONSENT): _value(row[1])
                for name, rows in known.items()
                if name.startswith(CONSENT)
                for row in rows
                if row[0] == entry
            }
            context[CONSENT + str(consent.pop("door"))] = consent
        return {
            "principal": f'Partij::"{verstrekker}"',
            "action": 'Action::"deel"',
            "resource": f'Gegeven::"{gegeven}"',
            "context": context,
        }


def _value(value: object) -> object:
    return value == YES if value in (YES, "nee") else value


def _reference(kind: str, name: object) -> dict[str, dict[str, str]]:
    return {"__entity": {"type": kind, "id": str(name)}}


def _groups(program: Program) -> Mapping[str, frozenset[str]]:
    """Gather the tables of one column: the words in each."""
    found: dict[str, set[str]] = {}
    for name, row in rows_of(program):
        if len(row) == 1:
            found.setdefault(name, set()).add(str(row[0]))
    return {name: frozenset(words) for name, words in found.items()}


def _entities(program: Program) -> list[dict[str, Any]]:
    """Make an entity of every party, item, purpose and education, in the groups and with the terms of the tables."""
    groups = _groups(program)
    vocabulary = program.vocabulary
    entities = []
    for domain, kind in TYPES.items():
        for word in vocabulary.domains[domain].values:
            mine = [
                name
                for name, words in groups.items()
                if word in words and vocabulary.predicates[name].arguments[0].domain == domain
            ]
            terms = {
                name: row[1]
                for name, row in rows_of(program)
                if len(row) == 2 and row[0] == word and type(row[1]) is int
            }
            parents = [{"type": "Groep", "id": name} for name in mine]
            entities.append({"uid": {"type": kind, "id": word}, "attrs": terms, "parents": parents})
    return entities
