"""Replay: deciding again what was decided before, by the law of then or by that of now.

Goes in: records of the decision log and the archive of the law. Comes out: per advice whether the answer is the
same, and where it is not. Must not know: what an advice says, or how a log keeps things.

The law of then is read from the archive, never from the files of today; its hash is checked first.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from pydantic_core import to_json

from app.advice import dates
from app.composition import Composition, composition
from app.lang.printer import print_rule
from app.lang.program import Program
from app.log.archive import Archive
from app.log.chain import commitment
from app.log.entry import AUTHZEN
from app.log.reading import Kept, KeptPart
from app.settings import Settings
from app.store.policies import PolicyFault, policies_from
from app.web.agreement import Occasion
from app.web.authzen.desk import AuthzenDesk
from app.web.extras import extras_of
from app.web.problems import Problem
from app.web.question import parse_json
from app.web.recording import question_text

Verdict = Literal["gelijk", "anders", "onbekend"]
MOST_SHOWN: Final = 20
_EDITIONS: Final = 8
"""Editions of the law kept ready at a time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What deciding one advice again gave; `lines` say where it differs, or why that cannot be known."""

    nr: int
    id: str
    verdict: Verdict
    lines: tuple[str, ...] = ()


class Replayer:
    """Decides again. Keeps the editions of the law it needed last."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        self._archive = archive
        self._settings = settings
        self._editions: dict[tuple[str, str], Composition] = {}

    def again(self, record: Kept, part: KeptPart, question: str | None = None) -> Outcome:
        """Decide an advice again by the law that decided it; `question` is the caller's, where the log has none.

        Raises DatabaseFault.
        """
        try:
            edition = self._edition(record)
            asked = question_of(part, edition, question)
            answer = decided(edition, part, asked)
        except _UnknownError as fault:
            return Outcome(record.nr, part.id, "onbekend", (str(fault),))
        early = record.beleid != edition.book.hash
        if part.antwoord is not None:
            given = _without(TEXTS, json.loads(part.antwoord))
            answer = as_of(given, _without(TEXTS, answer))
            # The archive has shown already that these are the texts of then; only their hash is written otherwise now.
            lines = tuple(differences(_unstamped(given), _unstamped(answer)) if early else differences(given, answer))
        elif early:
            return Outcome(record.nr, part.id, "onbekend", (_EARLY,))
        else:
            prints = (commitment(part.zout or b"", to_json(one).decode()) for one in shapes_of(answer))
            same = part.antwoord_afdruk in prints
            lines = () if same else ("het antwoord past niet bij de bewaarde afdruk",)
        return Outcome(record.nr, part.id, "anders" if lines else "gelijk", lines[:MOST_SHOWN])

    def with_current(self, current: Composition, record: Kept, part: KeptPart, question: str | None = None) -> Outcome:
        """Decide an advice again by the law of now; what changed for the young person, and by which norms.

        Raises DatabaseFault.
        """
        try:
            before = self._edition(record)
            asked = question_of(part, before, question)
            old = json.loads(part.antwoord) if part.antwoord else decided(before, part, asked)
            new = decided(current, part, asked)
        except _UnknownError as fault:
            return Outcome(record.nr, part.id, "onbekend", (str(fault),))
        lines = list(changes(old, new))
        if lines:
            programs = (one.book.on(part.peildatum).program for one in (before, current))
            lines += changed_norms(*programs)
        return Outcome(record.nr, part.id, "anders" if lines else "gelijk", tuple(lines))

    def _edition(self, record: Kept) -> Composition:
        if record.beleid is None:
            raise _UnknownError("bij deze regel in het log hoort geen advies")
        key = (record.beleid, record.engine)
        found = self._editions.pop(key, None)
        if found is None:
            found = self._restored(record.beleid, record.engine)
        self._editions[key] = found
        while len(self._editions) > _EDITIONS:
            del self._editions[next(iter(self._editions))]
        return found

    def _restored(self, beleid: str, engine: str) -> Composition:
        texts = self._archive.texts(beleid)
        if texts is None:
            raise _UnknownError(f"het beleid {beleid} staat niet in het log")
        try:
            policies = policies_from(texts)
            if beleid not in (policies.hash, policies.early_hash):
                raise _UnknownError(f"het beleid {beleid} is in het log veranderd: het heeft nu een andere hash")
            # Without a bound on time: a busy machine would make another answer of the same law.
            return composition(policies, replace(self._settings, engine=engine, advice_seconds=math.inf), ())
        except PolicyFault as fault:
            raise _UnknownError(f"deze versie kan het beleid {beleid} niet meer lezen: {fault}") from None


_EARLY: Final = (
    "het log bewaarde alleen een afdruk, en daarin staat het beleid met een hash die deze versie niet meer maakt"
)


TEXTS: Final = ("teksten",)
"""Official texts in an answer: they decide nothing, and the folder of now may hold others than that of then."""
LATER: Final = (
    ("reason_user", "reason_admin"),
    ("wegen", "wacht_op"),
    ("samenvatting", "geldig_tot_reden"),
    ("velden",),
    ("voor_de_jongere",),
    TEXTS,
)
"""Members of an answer that earlier versions of this service did not give; each later version gave more."""


def as_of(given: Any, answer: Any) -> Any:
    """Leave out of an answer each member that this service gives now and did not give when it gave the other one."""
    if isinstance(answer, dict):
        early = given if isinstance(given, dict) else {}
        return {
            name: as_of(early.get(name), value)
            for name, value in answer.items()
            if name in early or not any(name in names for names in LATER)
        }
    if isinstance(answer, list):
        items = given if isinstance(given, list) and len(given) == len(answer) else [None] * len(answer)
        return [as_of(one, other) for one, other in zip(items, answer, strict=True)]
    return answer


def shapes_of(answer: Any) -> Iterator[Any]:
    """Yield an answer as each version of this service gave it, the newest first."""
    yield answer
    for names in reversed(LATER):
        answer = _without(names, answer)
        yield answer


def _without(members: Collection[str], answer: Any, ways: bool = False) -> Any:
    """Leave members out of an answer, wherever they stand; the conditions of an explanation always had ways."""
    if isinstance(answer, dict):
        return {
            name: _without(members, value, ways or name == "afleiding")
            for name, value in answer.items()
            if name not in members or (ways and name == "wegen")
        }
    return [_without(members, one, ways) for one in answer] if isinstance(answer, list) else answer


def _unstamped(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out which edition decided: of an advice, or of an answer of AuthZEN."""
    context = answer.get("context")
    plain = {name: value for name, value in answer.items() if name != "beleid"}
    return {**plain, "context": _unstamped(context)} if isinstance(context, dict) else plain


class _UnknownError(Exception):
    """It cannot be said whether the answer would be the same; the message says why."""


def question_of(part: KeptPart, edition: Composition, given: str | None) -> str:
    """The question as it was decided: the log's own, or the caller's when it fits the commitment."""
    if part.antwoord_afdruk == commitment(part.zout or b"", ""):
        raise _UnknownError("toen is er niets beslist")
    if part.vraag is not None:
        return part.vraag
    if part.zout is None:
        raise _UnknownError("de inhoud is gewist")
    if given is None:
        raise _UnknownError("het log bewaarde alleen een afdruk: geef de vraag erbij")
    try:
        asked = _as_decided(edition, part, parse_json(given.encode()))
    except Problem:
        raise _UnknownError("de vraag die u geeft klopt niet") from None
    if commitment(part.zout, asked) != part.vraag_afdruk:
        raise _UnknownError("de vraag die u geeft past niet bij de bewaarde afdruk")
    return asked


def _as_decided(edition: Composition, part: KeptPart, body: Any) -> str:
    """Write a question as the log would have kept it; raises Problem."""
    if not isinstance(body, dict):
        raise _UnknownError("de vraag die u geeft is geen JSON-object")
    if part.soort == AUTHZEN:
        return _authzen(edition).as_decided(body, part.peildatum)
    body.setdefault("peildatum", dates.iso(part.peildatum))
    return question_text(edition.reader.check(body, occasion=Occasion.BEFORE))


def _authzen(edition: Composition) -> AuthzenDesk:
    if edition.authzen is None:
        raise _UnknownError("dit beleid zegt niet wat de woorden van AuthZEN betekenen")
    return edition.authzen


def decided(edition: Composition, part: KeptPart, question: str) -> dict[str, Any]:
    """Answer a question by an edition of the law, under the id that the advice has."""
    try:
        if part.soort == AUTHZEN:
            return _authzen(edition).again(question, part.id)
        return {**edition.desk.answer(question.encode(), extras_of(part.soort)), "id": part.id}
    except Problem as problem:
        return {"id": part.id, "probleem": problem.as_json()}


def differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Say where two answers differ, by path; without the values, which tell about a young person."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            inner = f"{path}.{name}" if path else name
            if name not in old or name not in new:
                yield f"{inner}: staat er {'nu niet meer' if name in old else 'nu wel'}"
            else:
                yield from differences(old[name], new[name], inner)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{path}[{number}]")
    elif old != new:
        yield f"{path}: is anders"


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Say which oordelen and grounds changed, and what the new advice says about it."""
    if "probleem" in new:
        yield f"het advies kan nu niet meer worden gegeven: {new['probleem']['detail']}"
        return
    before, after = _by_flow(old), _by_flow(new)
    for flow in dict.fromkeys((*before, *after)):
        one, other = before.get(flow), after.get(flow)
        if one is None or other is None:
            yield f"{flow}: {'is er nu niet meer' if other is None else 'is nieuw'}"
        elif one[:2] != other[:2]:
            (oordeel, norms, _), (new_oordeel, new_norms, text) = one, other
            yield f"{flow}: {oordeel} ({norms or '-'}) wordt {new_oordeel} ({new_norms or '-'}). {text}".rstrip()


def _by_flow(answer: Mapping[str, Any]) -> dict[str, tuple[str, str, str]]:
    """Per flow the oordeel, the norms that permit, and the explanation."""
    found: dict[str, tuple[str, str, str]] = {}
    if "decision" in answer:
        context = answer["context"]
        norms = ", ".join(ground["norm"] for ground in context.get("grondslagen", ()))
        oordeel = context.get("oordeel", "true" if answer["decision"] else "false")
        found["AuthZEN"] = (oordeel, norms, context.get("reason", ""))
    for one in answer.get("results", ()):
        found[f"AuthZEN {one.get('id') or one.get('name')}"] = ("true", "", "")
    for number, one in enumerate(answer.get("adviezen", ())):
        deling = one["deling"]
        flow = f"{number + 1}. {deling['verstrekker']} -> {deling['ontvanger']}, {deling['gegeven']}, {deling['doel']}"
        found[flow] = (one["oordeel"], ", ".join(ground["norm"] for ground in one["grondslagen"]), one["toelichting"])
    for one in answer.get("stromen") or ():
        for gegeven in one["gegevens"]:
            flow = f"{one['verstrekker']} -> {one['ontvanger']}, {gegeven}, {one['doel']}, {one['norm']}"
            found[flow] = (one["oordeel"], one["norm"], "")
    return found


def changed_norms(before: Program, after: Program) -> Iterator[str]:
    """Name the norms whose rules differ between two programs."""
    old, new = _rules_by_norm(before), _rules_by_norm(after)
    for norm in dict.fromkeys((*old, *new)):
        if norm not in new:
            yield f"norm {norm}: is vervallen"
        elif norm not in old:
            yield f"norm {norm}: is nieuw"
        elif old[norm] != new[norm]:
            yield f"norm {norm}: is gewijzigd"


def _rules_by_norm(program: Program) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for rule in program.rules:
        if rule.metadata is not None:
            found.setdefault(rule.metadata.norm, []).append(print_rule(rule))
    return found


def parts_of(records: Iterable[Kept]) -> Iterator[tuple[Kept, KeptPart]]:
    """Go through the advices of records."""
    return ((record, part) for record in records for part in record.stukken)
