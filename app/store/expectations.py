"""What a scenario expects, held against the answer it got: everything it states, and each fault in words.

Goes in: scenarios, the vocabulary, and answers as plain JSON values. Comes out: what is not as it should be.
Must not know: how anything is decided, or how an answer is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from app.lang.diagnostics import nearest
from app.lang.vocabulary import Vocabulary
from app.store.scenarios import Expected, Scenario

Answer = Mapping[str, Any]
_BESIDE: Final = ("kanttekening", "verplichting", "gegeven", "route", "partij")
"""The domains of what stands beside an oordeel; a detour is named by the party in between."""


def unmet(scenario: Scenario, answer: Answer) -> Iterator[str]:
    """Yield everything in which the answer to a scenario's question is not what the scenario states."""
    adviezen = answer["adviezen"]
    if scenario.verwacht and len(adviezen) != len(scenario.verwacht):
        yield other_count(scenario, len(adviezen))
    else:
        for expected, advies in zip(scenario.verwacht, adviezen, strict=False):
            yield from _unmet_of_flow(scenario, expected, advies)
    for path, value in scenario.jongere.items():
        given = _at(answer["jongere"], path)
        if given != (None if value == "" else value):
            yield _unlike(scenario, f"jongere.{path}", value, given)
    taken = [taak["taak"] for taak in answer["taken"]]
    yield from _among(scenario, "taak", scenario.taken, taken)
    yield from _absent(scenario, "taak", scenario.zonder_taken, taken)
    if scenario.stromen is not None:
        yield from _unmet_streams(scenario, answer)


def unknown_words(scenario: Scenario, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the words of a scenario that no answer can hold: a word that is spelled wrong is absent everywhere."""
    for expected in scenario.verwacht:
        stated: Mapping[str, Sequence[str | None]] = {
            "oordeel": (expected.oordeel,),
            "grondslag": (expected.grondslag,),
            "norm": (expected.norm,),
            "kanttekening": expected.kanttekeningen or (),
            "verplichting": expected.verplichtingen or (),
            "recht": expected.rechten or (),
        }
        for domain, words in stated.items():
            yield from _unknown(scenario, words, vocabulary, (domain,))
        yield from _unknown(scenario, (expected.alternatief, *expected.zonder), vocabulary, _BESIDE)
    yield from _unknown(scenario, (*scenario.taken, *scenario.zonder_taken), vocabulary, ("taak",))
    yield from _unknown(scenario, [one.norm for one in scenario.stromen or ()], vocabulary, ("norm",))


def other_count(scenario: Scenario, asked: int) -> str:
    """Say that a scenario expects an oordeel for another number of flows than it asks about."""
    return f"{_name(scenario)}: {len(scenario.verwacht)} expected, {asked} asked"


def other_oordeel(scenario: Scenario, flow: str, expected: str, given: Sequence[str]) -> str:
    """Say that a flow has another oordeel than expected, or more than one."""
    return f"{_name(scenario)}: {flow}: expected {expected}, got {list(given)}"


def other_refusal(scenario: Scenario, refused: Iterable[str]) -> str:
    """Say that a question was refused where an answer was expected, or for another field, or not at all."""
    said = ", ".join(refused) or "nothing"
    return f"{_name(scenario)}: expected {_refusal(scenario.fout)}, refused: {said}"


def flow_name(verstrekker: str, ontvanger: str, gegeven: str) -> str:
    """Name a flow, for a fault."""
    return f"{verstrekker} -> {ontvanger}, {gegeven}"


def _unmet_of_flow(scenario: Scenario, expected: Expected, advies: Answer) -> Iterator[str]:
    deling = advies["deling"]
    flow = flow_name(deling["verstrekker"], deling["ontvanger"], deling["gegeven"])
    if advies["oordeel"] != expected.oordeel:
        yield other_oordeel(scenario, flow, expected.oordeel, [advies["oordeel"]])
    notes = [one["kanttekening"] for one in advies["kanttekeningen"]]
    ways = [one.get("gegeven") or one["route"] for one in advies["alternatieven"]]
    duties = advies["verplichtingen"]
    for what, wanted, given in (
        ("grondslag", _one(expected.grondslag), [one["grondslag"] for one in advies["grondslagen"]]),
        ("norm", _one(expected.norm), [one["norm"] for one in advies["grondslagen"]]),
        ("alternatief", _one(expected.alternatief), ways),
        ("kanttekening", expected.kanttekeningen or (), notes),
        ("verplichting", expected.verplichtingen or (), duties),
    ):
        yield from _among(scenario, f"{flow}: {what}", wanted, given)
    yield from _absent(scenario, flow, expected.zonder, [*notes, *duties, *ways])
    missing = tuple(one["feit"] for one in advies["ontbrekend"])
    if expected.ontbrekend is not None and missing != expected.ontbrekend:
        yield _unlike(scenario, f"{flow}: ontbrekend", list(expected.ontbrekend), list(missing))
    if expected.wegen is not None and (ways_given := tuple(map(_way, advies["wegen"]))) != expected.wegen:
        yield _unlike(scenario, f"{flow}: wegen", list(expected.wegen), list(ways_given))
    yield from _unmet_for_young_person(scenario, flow, expected, advies)
    if expected.wacht_op is not None and (advies["wacht_op"] or "") != expected.wacht_op:
        yield _unlike(scenario, f"{flow}: wacht_op", expected.wacht_op or None, advies["wacht_op"])
    if expected.geldig_tot is not None and (advies["geldig_tot"] or "") != expected.geldig_tot:
        yield _unlike(scenario, f"{flow}: geldig_tot", expected.geldig_tot or None, advies["geldig_tot"])
    reason = expected.geldig_tot_reden
    if reason is not None and (advies["geldig_tot_reden"] or "") != reason:
        yield _unlike(scenario, f"{flow}: geldig_tot_reden", reason or None, advies["geldig_tot_reden"])


def _unmet_for_young_person(scenario: Scenario, flow: str, expected: Expected, advies: Answer) -> Iterator[str]:
    if expected.rechten is None and expected.voor_de_jongere is None:
        return
    told = advies["voor_de_jongere"] or {"tekst": "", "rechten": []}
    if expected.rechten is not None and tuple(told["rechten"]) != expected.rechten:
        yield _unlike(scenario, f"{flow}: rechten", list(expected.rechten), told["rechten"])
    if expected.voor_de_jongere is not None and told["tekst"] != expected.voor_de_jongere:
        yield _unlike(scenario, f"{flow}: voor_de_jongere", expected.voor_de_jongere or None, told["tekst"] or None)


def _way(way: Answer) -> str:
    """Write a way as scenarios do."""
    name = f"uitzonderlijk {way['norm']}" if way["uitzonderlijk"] else way["norm"]
    return ": ".join([name, ", ".join(one["feit"] for one in way["ontbrekend"])][: 2 if way["ontbrekend"] else 1])


def _unmet_streams(scenario: Scenario, answer: Answer) -> Iterator[str]:
    names = ("norm", "verstrekker", "ontvanger", "doel", "oordeel")
    given = list(dict.fromkeys(tuple(one[name] for name in names) for one in answer.get("stromen", ())))
    wanted = [tuple(getattr(one, name) for name in names) for one in scenario.stromen or ()]
    if not wanted and given:
        yield _unlike(scenario, "stromen", [], given)
    yield from (_unlike(scenario, "stroom", one, given) for one in wanted if one not in given)


def _among(scenario: Scenario, what: str, wanted: Iterable[str], given: Sequence[str]) -> Iterator[str]:
    yield from (_unlike(scenario, what, one, given) for one in wanted if one not in given)


def _absent(scenario: Scenario, what: str, unwanted: Iterable[str], given: Sequence[str]) -> Iterator[str]:
    yield from (f"{_name(scenario)}: {what}: expected no {one}, got {given}" for one in unwanted if one in given)


def _unknown(
    scenario: Scenario, words: Iterable[str | None], vocabulary: Vocabulary, domains: Sequence[str]
) -> Iterator[str]:
    known = [word for name in domains if name in vocabulary.domains for word in vocabulary.domains[name].values]
    for word in words:
        if word is not None and known and word not in known:
            near = nearest(word, known)
            said = f"`{word}` is not a word of {', '.join(domains)}"
            yield f"{_name(scenario)}: {said}{f'; {near}' if near else ''}"


def _one(word: str | None) -> tuple[str, ...]:
    return () if word is None else (word,)


def _at(value: Any, path: str) -> Any:
    """Follow a dotted path; what is not there is told as such."""
    for part in path.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return "no such field"
        value = value[part]
    return value


def _refusal(field: str | None) -> str:
    return "an answer" if field is None else f"a refusal of {field}"


def _unlike(scenario: Scenario, what: str, wanted: Any, given: Any) -> str:
    return f"{_name(scenario)}: {what}: expected {wanted}, got {given}"


def _name(scenario: Scenario) -> str:
    return f"{scenario.file}: {scenario.id}"
