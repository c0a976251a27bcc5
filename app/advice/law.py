"""What the advice layer works out once per program: texts, plans of rules, what is static.

Goes in: a `Decider`. Comes out: a `Law` that every part of the advice reads.
Must not know: any case, or any predicate that is not declared as output.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from app.advice import contract, sources
from app.advice.advies import Bron
from app.advice.clocks import Clocks, clocks_of
from app.advice.form import Form, form_of
from app.advice.plans import Plan, make_plan
from app.advice.texts import Texts
from app.advice.way_code import Ways, ways_of
from app.engine.facts import FactSet, Row
from app.engine.model import Decider, Justification, ModelValue
from app.lang.ast import Rule


class Law:
    """One program as the advice layer sees it."""

    def __init__(self, decider: Decider) -> None:
        program = decider.program
        self.decider = decider
        self.program = program
        self.vocabulary = program.vocabulary
        self.form: Form = form_of(program.vocabulary)
        self.texts = Texts(program)
        self.clocks: Clocks = clocks_of(program.vocabulary)
        self.norm_order = {code: place for place, code in enumerate(self.vocabulary.norms)}
        self.rules_of: Mapping[str, tuple[Rule, ...]] = _by_head(program.rules)
        self.input = frozenset(p.name for p in self.vocabulary.predicates.values() if p.kind == "invoer")
        self._rests_on: dict[int, frozenset[str]] = {}
        self._weights: dict[str, int] = {}
        self._ways: dict[tuple[int, bool], Ways] = {}
        self._tables: dict[str, tuple[Row, ...]] = {}
        self._plans = {id(rule): make_plan(rule, self.vocabulary) for rule in program.rules}
        self._plans_of = {name: tuple(self._plans[id(rule)] for rule in rules) for name, rules in self.rules_of.items()}
        self._step_plans: dict[tuple[ModelValue | None, ...], tuple[Plan, ...]] = {
            (norm, number): tuple(plan for plan in self._plans_of.get(contract.STAP, ()) if plan.may_give(norm, number))
            for norm in self.vocabulary.norms
            for number in range(1, 5)
        }
        self.contradicting = tuple(
            (plan, self.rests_on(plan.rule)) for plan in self._plans_of.get(contract.STRIJDIG, ())
        )
        """The rules that say what contradicts itself, each with the predicates it rests on."""
        self._bronnen = {id(rule): self._cite(rule) for rule in program.rules}
        nothing = FactSet({}, {})
        self.grondslag = {str(row[0]): str(row[1]) for row in decider.rows_only(nothing, "zeker", contract.GRONDSLAG)}
        self.avg = self._avg_places(nothing)
        self.regelt = self._static(nothing, contract.REGELT)
        self.omwegen: dict[Row, list[str]] = defaultdict(list)
        for row in self._static(nothing, contract.OMWEG):
            self.omwegen[row[:-1]].append(str(row[-1]))

    def plan(self, rule: Rule) -> Plan:
        """The plan of one of the program's rules."""
        return self._plans[id(rule)]

    def plans_of(self, predicate: str, row: Sequence[ModelValue | None]) -> tuple[Plan, ...]:
        """The plans of the rules that may give a fact, in program order."""
        if predicate == contract.STAP:
            return self._step_plans.get(tuple(row[1:]), self._plans_of.get(predicate, ()))
        return self._plans_of.get(predicate, ())

    def ways(self, plan: Plan, whole: bool) -> Ways:
        """The function that fills a rule from its head down; `whole`: all of that is known. Made when first needed."""
        found = self._ways.get((id(plan), whole))
        if found is None:
            found = self._ways[id(plan), whole] = ways_of(plan, whole)
        return found

    def bronnen(self, rule: Rule) -> tuple[Bron, ...]:
        """The sources of one of the program's rules, each once, with links to the text of its own time."""
        return self._bronnen[id(rule)]

    def bronnen_of(self, reasons: Sequence[Justification]) -> tuple[Bron, ...]:
        """The sources of several reasons, each once."""
        if len(reasons) == 1:
            return self.bronnen(reasons[0].rule)
        return tuple(dict.fromkeys(bron for reason in reasons for bron in self.bronnen(reason.rule)))

    def table(self, predicate: str) -> tuple[Row, ...]:
        """The rows of a predicate that does not depend on the case."""
        found = self._tables.get(predicate)
        if found is None:
            found = self._tables[predicate] = self._static(FactSet({}, {}), predicate)
        return found

    def rests_on(self, rule: Rule) -> frozenset[str]:
        """The predicates a rule is built on, directly or through other rules."""
        found = self._rests_on.get(id(rule))
        if found is None:
            reached: set[str] = set()
            todo = [premise.predicate for premise in self.plan(rule).premises]
            while todo:
                if (name := todo.pop()) not in reached:
                    reached.add(name)
                    todo += [p.predicate for other in self.rules_of.get(name, ()) for p in self.plan(other).premises]
            found = self._rests_on[id(rule)] = frozenset(reached)
        return found

    def norm_weight(self, norm: str) -> int:
        """How many predicates the first step of a norm rests on."""
        found = self._weights.get(norm)
        if found is None:
            plans = self.plans_of(contract.STAP, (None, norm, 1))
            found = self._weights[norm] = len(frozenset[str]().union(*(self.rests_on(plan.rule) for plan in plans)))
        return found

    def norm_place(self, norm: str) -> int:
        """The place of a norm in vocabulary order."""
        return self.norm_order.get(norm, len(self.norm_order))

    def _cite(self, rule: Rule) -> tuple[Bron, ...]:
        if rule.metadata is None:
            return ()
        validity = self.program.validity_of(rule)
        declared = self.vocabulary.sources
        cited = [sources.bron(reference, declared, validity) for reference in rule.metadata.references]
        return tuple(dict.fromkeys(cited))

    def _static(self, nothing: FactSet, predicate: str) -> tuple[Row, ...]:
        if predicate not in self.vocabulary.predicates:
            return ()
        rows = self.decider.rows_only(nothing, "zeker", predicate)
        return tuple(tuple(value for value in row if isinstance(value, str | int)) for row in rows)

    def _avg_places(self, nothing: FactSet) -> Mapping[str, str]:
        if contract.AVG not in self.vocabulary.predicates:
            return {}
        domain = self.vocabulary.predicates[contract.AVG].arguments[1].domain
        return {str(row[0]): self.texts.label(domain, str(row[1])) for row in self._static(nothing, contract.AVG)}


def _by_head(rules: tuple[Rule, ...]) -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        found[rule.head.predicate].append(rule)
    return {name: tuple(same) for name, same in found.items()}
