"""Coverage as text for a terminal, and as JSON.

Goes in: a `Coverage`. Comes out: lines in plain Dutch, or plain JSON values. Must not know: how anything was judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from app.analysis.coverage import Article, Coverage, RuleCoverage, Weight
from app.lang.ast import Atom, Fact, Literal, Rule
from app.lang.printer import print_clauses

GUARDS: Final = "bewaking"
CARRIES: Final = "onmisbaar"
KINDS: Final = {
    "beslissend": "een geval waarvan alles bekend is, krijgt zonder dit een ander antwoord",
    "alleen_gedeeltelijk": "alleen een geval waarvan iets onbekend is, krijgt zonder dit een ander antwoord",
    "verklarend": "geen enkel geval krijgt zonder dit een ander antwoord",
    "dood": "deze regel geldt nooit",
    "onbekend": "dit kon niet worden onderzocht",
    GUARDS: "een rode lijn of een tussenstap daarvan: zie deelwijzer bewijs",
    CARRIES: "zonder deze voorwaarde heeft de regel geen uitkomst",
}
"""The kinds of rules and conditions, in words for people."""
MATTER: Final = ("beslissend", "alleen_gedeeltelijk")
MOST_SHOWN: Final = 3
"""So many scenarios are named per line."""


def text_of(coverage: Coverage) -> Iterator[str]:
    """Yield the lines for a terminal: first per norm what no scenario shows, then articles, counts and dead rules."""
    norms: dict[str, list[RuleCoverage]] = {}
    for one in coverage.rules:
        norms.setdefault(_norm(one.rule), []).append(one)
    for norm, rules in sorted(norms.items()):
        yield from _of_norm(norm, rules)
    yield ""
    yield "Artikelen"
    for article in coverage.articles:
        number = _count(len(article.rules), "regel", "regels")
        yield f"  {article.source} {article.place}: {number}, {_scenarios(article)}"
    for source in coverage.unused:
        yield f"  {source}: op deze bron rust geen regel"
    yield ""
    yield from _counts(coverage)
    for rule in coverage.dead():
        yield f"{_place(rule)}: deze regel geldt nooit: {_head(rule)}"


def json_of(coverage: Coverage) -> dict[str, Any]:
    """Return the same, and every scenario that shows a part, as plain JSON values."""
    return {
        "regels": [_rule_json(one) for one in coverage.rules],
        "tabelrijen": [
            {"plaats": _place(fact), "rij": _clause(fact), **_weight_json(weight, GUARDS)}
            for fact, weight in coverage.facts
        ],
        "artikelen": [
            {
                "bron": one.source,
                "plaats": one.place,
                "regels": [_place(rule) for rule in one.rules],
                "scenarios": list(one.scenarios),
            }
            for one in coverage.articles
        ],
        "bronnen_zonder_regel": list(coverage.unused),
        "dode_regels": [_place(rule) for rule in coverage.dead()],
    }


def _of_norm(norm: str, rules: list[RuleCoverage]) -> Iterator[str]:
    weights = [weight for one in rules for weight in _weights(one)]
    matter = [weight for weight in weights if weight.kind in MATTER]
    unseen = [weight for weight in matter if not weight.shown]
    number = _count(len(rules), "regel", "regels")
    yield f"{norm}: {number}; {len(matter) - len(unseen)} van {len(matter)} delen getoond"
    for one in rules:
        lines = list(_unseen(one))
        if lines:
            yield f"  {_place(one.rule)}: {_head(one.rule)}"
            yield from (f"    {line}" for line in lines)


def _weights(one: RuleCoverage) -> Iterator[Weight]:
    if one.weight is not None:
        yield one.weight
    yield from (condition.weight for condition in one.conditions if condition.weight is not None)


def _unseen(one: RuleCoverage) -> Iterator[str]:
    """What a reader has to know of a rule: what no scenario shows, and what changes no answer."""
    if one.weight is None:
        return
    if told := _told(one.weight):
        yield f"de regel: {told}"
    if one.weight.kind == "dood":
        return
    for condition in one.conditions:
        if condition.weight is not None and (told := _told(condition.weight)):
            yield f"{_literal(one.rule.body[condition.at])}: {told}"


def _told(weight: Weight) -> str:
    kind = weight.kind.replace("_", " ")
    if weight.kind in MATTER:
        return "" if weight.shown else f"{kind}, en geen scenario toont dit"
    return kind


def _scenarios(article: Article) -> str:
    if not article.scenarios:
        return "geen scenario"
    named = ", ".join(article.scenarios[:MOST_SHOWN])
    more = len(article.scenarios) - MOST_SHOWN
    return f"{_count(len(article.scenarios), 'scenario', 'scenario’s')}: {named}{f' en nog {more}' if more > 0 else ''}"


def _counts(coverage: Coverage) -> Iterator[str]:
    rules: Counter[str] = Counter(one.weight.kind if one.weight else GUARDS for one in coverage.rules)
    conditions: Counter[str] = Counter(
        condition.weight.kind if condition.weight else CARRIES for one in coverage.rules for condition in one.conditions
    )
    rows: Counter[str] = Counter(weight.kind if weight else GUARDS for _, weight in coverage.facts)
    for kind, told in KINDS.items():
        if rules[kind] or conditions[kind] or rows[kind]:
            yield (
                f"{kind.replace('_', ' ')}: {_count(rules[kind], 'regel', 'regels')}, "
                f"{_count(conditions[kind], 'voorwaarde', 'voorwaarden')}, "
                f"{_count(rows[kind], 'tabelrij', 'tabelrijen')} ({told})"
            )


def _rule_json(one: RuleCoverage) -> dict[str, Any]:
    return {
        "plaats": _place(one.rule),
        "norm": _norm(one.rule),
        "kop": _head(one.rule),
        **_weight_json(one.weight, GUARDS),
        "voorwaarden": [
            {
                "voorwaarde": _literal(one.rule.body[condition.at]),
                **_weight_json(condition.weight, CARRIES),
            }
            for condition in one.conditions
        ],
    }


def _weight_json(weight: Weight | None, otherwise: str) -> dict[str, Any]:
    if weight is None:
        return {"soort": otherwise, "scenarios": []}
    return {"soort": weight.kind, "scenarios": list(weight.shown)}


def _norm(rule: Rule) -> str:
    return rule.metadata.norm if rule.metadata else ""


def _place(clause: Rule | Fact) -> str:
    return f"{clause.span.file}:{clause.span.line}"


def _head(rule: Rule) -> str:
    return _atom(rule.head)


def _atom(atom: Atom) -> str:
    return _clause(Fact(atom)).removeprefix("+ ")


def _literal(literal: Literal) -> str:
    head = Atom("dit", ())
    return _clause(Rule(head, (literal,))).partition("<= ")[2]


def _clause(clause: Rule | Fact) -> str:
    return " ".join(print_clauses([clause]).split())


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
