"""Laws about facts nobody gave: what completing them may change, and what is asked for."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from app.advice import dates
from app.advice.advies import Bereik, Ontbrekend
from app.advice.question.casus import Casus, flatten
from app.advice.question.form import form_of
from app.advice.question.open_fields import OpenFields, fill
from app.engine.facts import FactSet, Row
from app.engine.unknown import Unknown
from app.kern.accepted import Item
from app.lang.ast import Comparison, Constant, Positive, Variable
from tests.properties.real_law import answered, contradicts, real_law, verdicts
from tests.properties.strategies_casussen import casussen, consistent

OPEN = ("onder_voorwaarden", "alleen_met_toestemming")
SETTLED = ("toegestaan", "niet_toegestaan")
REACHABLE = {
    "toegestaan": {"toegestaan"},
    "onder_voorwaarden": {"toegestaan", "onder_voorwaarden", "alleen_met_toestemming", "niet_toegestaan"},
    "alleen_met_toestemming": {"toegestaan", "alleen_met_toestemming", "niet_toegestaan"},
    "niet_toegestaan": {"niet_toegestaan"},
}


def open_items(facts: FactSet) -> list[Item]:
    """List the open facts."""
    return [(name, key) for name, keys in facts.unknown.items() for key in keys]


def rows_for(casus: Casus, facts: FactSet, item: Item) -> list[tuple[Row, ...]]:
    """List representative answers to an open fact, as the rows that then hold."""
    predicate, key = item
    declared = real_law().vocabulary.predicates[predicate]
    domains = [real_law().vocabulary.domains[argument.domain] for argument in declared.arguments[1:]]
    if len(domains) > 1:
        asked = [(flow.verstrekker, flow.ontvanger, flow.gegeven, flow.doel) for flow in flatten(casus)]
        words = [[w for w in dict.fromkeys(itertools.chain(*asked)) if w in domain.labels] for domain in domains]
        return [(), *(((key, *row),) for row in itertools.product(*words))]
    domain = domains[0]
    if domain.kind == "datum":
        days = [day for years in range(4) for day in _around(casus.peildatum - years * 10000)]
        return [((key, day),) for day in days]
    if domain.kind == "getal":
        near = {number for one in edges()[predicate] for number in (one - 1, one)} | {domain.minimum or 0}
        near |= {row[1] for rows in facts.known.values() for row in rows if isinstance(row[1], int) and row[1] < 50}
        return [((key, number),) for number in sorted(near) if number >= (domain.minimum or 0)]
    if declared.single:
        return [((key, word),) for word in domain.values]
    asked_items = {flow.gegeven for flow in flatten(casus)} & set(domain.values)
    few = sorted(asked_items | {domain.values[0], domain.values[len(domain.values) // 2]})
    return [(), *(((key, word),) for word in few)]


def objected(facts: FactSet) -> set[Any]:
    """List the flows that the professional's own weighing speaks against: an exception, once it is stated."""
    against = {"noodzaak": {"handig"}, "andere_weg": {*real_law().vocabulary.domains["andere_weg"].values} - {"geen"}}
    return {row[0] for name, words in against.items() for row in facts.known.get(name, ()) if row[1] in words}


def _around(day: int) -> tuple[int, ...]:
    real = dates.floor(day)
    return dates.before(real), real, dates.after(real)


@cache
def edges() -> dict[str, set[int]]:
    """Find per input predicate the numbers that rules compare its value with."""
    found: dict[str, set[int]] = {name: set() for name in real_law().vocabulary.predicates}
    for day in real_law().book.days():
        for rule in real_law().book.on(day).program.rules:
            of = {
                term.name: literal.atom.predicate.removeprefix("zeker_").removeprefix("mogelijk_")
                for literal in rule.body
                if isinstance(literal, Positive)
                for term in literal.atom.arguments[1:2]
                if isinstance(term, Variable)
            }
            for literal in rule.body:
                match literal:
                    case Comparison(_, Variable(name), Constant(int(number))) if name in of:
                        found[of[name]].add(number)
    return found


def completed(casus: Casus, facts: FactSet, seed: int, share: int) -> FactSet | None:
    """Answer open facts at random (all when `share` is 0), consistently; None when that did not work."""
    decider = real_law().book.on(casus.peildatum)
    chance = random.Random(seed)  # one number for all answers: a casus has some forty open facts
    predicates = real_law().vocabulary.predicates
    for item in sorted(open_items(facts), key=lambda item: chance.random()):
        derived = decider.rows_only(facts, "zeker", item[0]) if predicates[item[0]].single else ()
        if chance.randrange(4) < share or any(row[0] == item[1] for row in derived):
            continue
        for _ in range(8):
            tried = answered(facts, *item, chance.choice(rows_for(casus, facts, item)))
            if not contradicts(decider, tried):
                facts = tried
                break
        else:
            return None
    return facts


@given(casussen(), st.integers(0, 2**32), st.integers(0, 3))
def test_completing_never_takes_back_what_is_settled(casus: Casus, seed: int, share: int) -> None:
    law = real_law()
    decider, facts = law.book.on(casus.peildatum), law.facts(casus)
    complete = completed(casus, facts, seed, share)
    assume(complete is not None)
    assert complete is not None
    before = verdicts(decider.rows_only(facts, "zeker", "oordeel"))
    after = verdicts(decider.rows_only(complete, "zeker", "oordeel"))
    assert before.keys() == after.keys()
    for flow, oordeel in before.items():
        if oordeel != "toegestaan" or flow not in objected(complete):
            assert after[flow] in REACHABLE[oordeel]
        if share == 0:
            assert after[flow] in SETTLED


@given(casussen(most_flows=1), st.integers(0, 2**32))
def test_a_completion_lies_between_certain_and_possible(casus: Casus, seed: int) -> None:
    law = real_law()
    decider, facts = law.book.on(casus.peildatum), law.facts(casus)
    complete = completed(casus, facts, seed, 0)
    assume(complete is not None)
    assert complete is not None
    assume(not objected(complete))
    partial, whole = decider.decide(facts), decider.decide(complete)
    for predicate in law.vocabulary.predicates.values():
        if predicate.kind != "uitkomst" or predicate.two_valued:
            continue
        certain = set(whole.rows("zeker", predicate.name))
        if "mogelijk" in predicate.sides:
            assert set(whole.rows("mogelijk", predicate.name)) <= certain, predicate.name
            possible = list(partial.rows("mogelijk", predicate.name))
            assert all(row in possible or _covered(row, possible) for row in certain), predicate.name
        assert set(partial.rows("zeker", predicate.name)) <= certain, predicate.name


def _covered(row: tuple[Any, ...], possible: list[tuple[Any, ...]]) -> bool:
    return any(all(isinstance(p, Unknown) or p == v for p, v in zip(one, row, strict=True)) for one in possible)


# ── Ontbrekend ───────────────────────────────────────────────────────────────────────────────


def values_of(answer: Ontbrekend) -> Iterator[Ontbrekend]:
    """Yield the answer with each accepted value alone; of a range the ends and one between."""
    match answer.gunstig:
        case Bereik(low, high):
            ends = [end for end in (low, high) if end is not None]
            between = (
                [low + 1] if isinstance(low, int) and (high is None or (isinstance(high, int) and low < high)) else []
            )
            for end in (*ends, *between):
                yield replace(answer, gunstig=(end,))
            if not ends:
                yield answer
        case values:
            for value in values:
                yield replace(answer, gunstig=(value,))


@given(casussen(most_flows=1))
def test_any_favourable_answers_permit(casus: Casus) -> None:
    law = real_law()
    form = form_of(law.vocabulary)
    for place, advies in enumerate(law.advise(casus).adviezen):
        first = [next(values_of(answer)) for answer in advies.ontbrekend]
        for number, answer in enumerate(advies.ontbrekend):
            for value in values_of(answer):
                answers = [*first[:number], value, *first[number + 1 :]]
                filled = fill(casus, answers, form)
                law.reader.check(dict(filled.data))
                assert law.advise(filled).adviezen[place].oordeel == "toegestaan", answers
        filled = fill(casus, advies.ontbrekend, form)
        assert not advies.ontbrekend or law.advise(filled).adviezen[place].oordeel == "toegestaan"


def with_few_open(casus: Casus, seed: int) -> Casus:
    """Answer most open facts such that the first flow stays open; what would settle it stays unsaid."""
    law = real_law()
    chance = random.Random(seed)
    flow = {**casus.data["delingen"][0]}
    flow["gegevens"] = flow["gegevens"][:1]
    casus = replace(casus, data={**casus.data, "delingen": [flow]})
    if law.oordelen(casus)[0] not in OPEN:
        return casus
    form = form_of(law.vocabulary)
    sheet = OpenFields(form, flatten(casus))
    items = [item for item in open_items(law.facts(casus)) if item[0] not in form.per_flow]
    chance.shuffle(items)
    for item in items[5:]:
        for _ in range(3):
            filled = _filled(casus, sheet, item, chance)
            if law.oordelen(filled)[0] in OPEN and consistent(filled) is filled:
                casus = filled
                break
    return casus


def _filled(casus: Casus, sheet: OpenFields, item: Item, chance: random.Random) -> Casus:
    field = sheet.form.fields[item[0]][1]
    rows = chance.choice(rows_for(casus, real_law().facts(casus), item))
    if field.path.endswith("[]"):
        names = [name for name in field.arguments if name != "casus"]
        entries = tuple(row[1] if names == ["zelf"] else dict(zip(names, row[1:], strict=True)) for row in rows)
        answer = Ontbrekend(sheet.path(item), "feit", entries, "")
    else:
        domain = sheet.form.vocabulary.domain_of(item[0], 1)
        value: Any = rows[0][1]
        value = value == "ja" if domain.name == "ja_nee" else dates.iso(value) if domain.kind == "datum" else value
        answer = Ontbrekend(sheet.path(item), "feit", (value,), "")
    return fill(casus, [answer], sheet.form)
