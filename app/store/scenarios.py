"""Scenarios: cases a jurist can read, with the answer they expect.

Goes in: the scenario files beside the law. Comes out: frozen `Scenario`s, or PolicyFault.
Must not know: how anything is decided, or what any field of a question means.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from app.lang.diagnostics import Diagnostic, render
from app.lang.source_text import SourceText
from app.store.policies import SCENARIOS, PolicyFault, parse_toml, read_text
from app.store.variants import expanded


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of one flow; None is not looked at.

    `geldig_tot` "" is "for good". `kanttekeningen`, `alternatief` and `verplichtingen` must be among
    those given, and no word of `zonder` may be among them; `ontbrekend` is the whole list of missing places.
    `rechten` are all rights in order, () where there is no text for the young person; `voor_de_jongere` is that
    text, "" where there is none. `wegen` are all ways in order, each as "NORM", "NORM: place, place" or
    "uitzonderlijk NORM: place"; `wacht_op` "" is "for nothing".
    """

    oordeel: str
    grondslag: str | None = None
    norm: str | None = None
    alternatief: str | None = None
    kanttekeningen: tuple[str, ...] | None = None
    verplichtingen: tuple[str, ...] | None = None
    rechten: tuple[str, ...] | None = None
    voor_de_jongere: str | None = None
    ontbrekend: tuple[str, ...] | None = None
    wegen: tuple[str, ...] | None = None
    wacht_op: str | None = None
    geldig_tot: str | None = None
    geldig_tot_reden: str | None = None
    zonder: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ExpectedStroom:
    """A row expected among the flows that are listed when nothing was proposed."""

    norm: str
    verstrekker: str
    ontvanger: str
    doel: str
    oordeel: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """One case: its story, its question exactly as it is sent, and the expected answer.

    `stromen`: () expects none at all, None is not looked at. `jongere` holds dotted paths in the
    answer's `jongere`. `taken` must be among those given, `zonder_taken` may not. `fout` is a field that the
    refusal names.
    """

    id: str
    file: str
    verhaal: str
    sectie: str
    vraag: Mapping[str, Any]
    verwacht: tuple[Expected, ...]
    jongere: Mapping[str, Any]
    taken: tuple[str, ...]
    zonder_taken: tuple[str, ...]
    stromen: tuple[ExpectedStroom, ...] | None
    fout: str | None


def read_scenarios(policies: Path) -> tuple[Scenario, ...]:
    """Read every scenario, by file and place, each followed by its variants as scenarios of their own.

    PolicyFault for a key, a type, an id or a variant that is not right.
    """
    found: list[Scenario] = []
    faults: list[Diagnostic] = []
    texts: list[SourceText] = []
    for path in sorted(policies.glob(SCENARIOS)):
        shown = f"{policies.name}/{path.relative_to(policies).as_posix()}"
        text = read_text(policies, path)
        document = parse_toml(text, shown)
        _refuse_strange(document, ("titel", "bron", "scenario"), shown)
        texts.append(SourceText(shown, text))
        for table in document.get("scenario", ()):
            cases, wrong = expanded(table, shown, text, (*_KEYS, *_MORE_KEYS))
            found.extend(_scenario(case, shown) for case in cases)
            faults.extend(wrong)
    if faults:
        raise PolicyFault(render(faults, texts))
    seen: dict[str, str] = {}
    for scenario in found:
        if scenario.id in seen:
            raise PolicyFault(f"{scenario.file}: scenario {scenario.id} is also in {seen[scenario.id]}")
        seen[scenario.id] = scenario.file
    return tuple(found)


def hash_of(scenarios: Iterable[Scenario]) -> str:
    """Return a hash over all questions and expectations."""
    return hashlib.sha256(repr(tuple(scenarios)).encode()).hexdigest()


_KEYS: Final = ("id", "sectie", "verhaal", "vraag", "verwacht", "verwacht_jongere", "verwacht_taken")
_MORE_KEYS: Final = ("verwacht_zonder_taken", "verwacht_stromen", "verwacht_fout")


def _scenario(table: Mapping[str, Any], shown: str) -> Scenario:
    identity = table.get("id")
    if not isinstance(identity, str) or not identity:
        raise PolicyFault(f"{shown}: a scenario has no `id`")
    place = f"{shown}: {identity}"
    _refuse_strange(table, (*_KEYS, *_MORE_KEYS), place)
    if not isinstance(table.get("vraag"), dict):
        raise PolicyFault(f"{place}: `vraag` is missing")
    expected = tuple(_record(Expected, one, place) for one in table.get("verwacht", ()))
    rows = table.get("verwacht_stromen")
    stromen = None if rows is None else tuple(_record(ExpectedStroom, one, place) for one in rows)
    scenario = Scenario(
        id=identity,
        file=shown,
        verhaal=str(table.get("verhaal", "")),
        sectie=str(table.get("sectie", "")),
        vraag=table["vraag"],
        verwacht=expected,
        jongere=dict(_dotted(table.get("verwacht_jongere", {}))),
        taken=tuple(table.get("verwacht_taken", ())),
        zonder_taken=tuple(table.get("verwacht_zonder_taken", ())),
        stromen=stromen,
        fout=table.get("verwacht_fout"),
    )
    taken = scenario.taken or scenario.zonder_taken
    if not (expected or scenario.jongere or taken or stromen is not None or scenario.fout):
        raise PolicyFault(f"{place}: nothing is expected, so nothing is tested")
    return scenario


def _record(kind: type[Any], table: Mapping[str, Any], place: str) -> Any:
    known = {field.name: field for field in fields(kind)}
    _refuse_strange(table, known, place)
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    try:
        return kind(**values)
    except TypeError:
        raise PolicyFault(f"{place}: an expectation lacks a key; known are {', '.join(known)}") from None


def _dotted(table: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _dotted(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _refuse_strange(table: Mapping[str, Any], known: Iterable[str], place: str) -> None:
    strange = sorted(table.keys() - set(known))
    if strange:
        raise PolicyFault(f"{place}: {', '.join(strange)}: not known here")
