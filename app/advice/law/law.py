"""What the advice layer works out once per program: texts, plans of rules, what is static.

Goes in: a `Decider`. Comes out: a `Law` that every part of the advice reads.
Must not know: any case, or any predicate that is not declared as output.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from app.advice import contract
from app.advice.advies import Bron
from app.advice.choices import Choices
from app.advice.law import sources
from app.advice.law.citation import Citation
from app.advice.law.clocks import Clocks, clocks_of
from app.advice.law.for_young_person import ForYoungPerson
from app.advice.law.summary import Summary
from app.advice.law.texts import Texts
from app.advice.question.form import Form, form_of
from app.advice.reasons.choice import Ties, first
from app.advice.reasons.plans import Plan, make_plan, scope_predicates
from app.engine.facts import FactSet, Row
from app.engine.model import Decider, Justification, ModelValue
from app.kern.decider import KernDecider
from app.kern.moments import TimedLeaves
from app.kern.relation import EMPTY
from app.lang.ast import Rule
from app.lang.metadata import references_of
from app.lang.strata import stated


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
        self.predicate_place = {name: place for place, name in enumerate(self.vocabulary.predicates)}
        self.rules_of: Mapping[str, tuple[Rule, ...]] = _by_head(program.rules)
        self.input = frozenset(p.name for p in self.vocabulary.predicates.values() if p.kind == "invoer")
        self.stated = stated(program.rules, self.vocabulary)
        """The two-valued predicates that say only what was stated."""
        self.ties = Ties()
        self._rank = {id(rule): place for place, rule in enumerate(program.rules)}
        of_scope = scope_predicates(program.rules, self.vocabulary, self.form.proposed.predicate)
        self._plans = {id(rule): make_plan(rule, self.vocabulary, of_scope) for rule in program.rules}
        self._plans_of = {name: tuple(self._plans[id(rule)] for rule in rules) for name, rules in self.rules_of.items()}
        self._step_plans: dict[tuple[ModelValue | None, ...], tuple[Plan, ...]] = {
            (norm, number): tuple(plan for plan in self._plans_of.get(contract.STAP, ()) if plan.may_give(norm, number))
            for norm in self.vocabulary.norms
            for number in range(1, 5)
        }
        self.kern = decider if isinstance(decider, KernDecider) else KernDecider(program)
        ground = self.kern.classes.ground
        self.timed = TimedLeaves(ground)
        self.derivable = frozenset(cell.predicate for cell in ground.derived)
        """The input predicates that rules may give a value."""
        self.contradicting = tuple(
            (node, ground.predicates_under(node))
            for node in ground.relations.get(contract.STRIJDIG, EMPTY).rows.values()
        )
        """The nodes of what contradicts itself, each with the input predicates it rests on."""
        per_case = frozenset(name for _, names in self.contradicting for name in names)
        self.contradictable = self.input if contract.STRIJDIG in ground.shape.of_flow else per_case
        """The input predicates of which some value may contradict others."""
        self.askable = self.form.fields.keys() - {self.clocks.geboortedatum}
        """The predicates that a caller can be asked for: an age is asked, a date of birth never."""
        self._exceptional: dict[int, bool] = {}
        self.summary, self.for_young_person = Summary(self.vocabulary), ForYoungPerson(self.vocabulary)
        self.choices = Choices(ground, self.form)
        self._citations = {id(rule): self._citation(rule) for rule in program.rules}
        nothing = FactSet({}, {})
        self.grondslag = {str(row[0]): str(row[1]) for row in decider.rows_only(nothing, "zeker", contract.GRONDSLAG)}
        self._ground_order = self._order_of_grounds()
        self.avg = self._avg_places(nothing)
        self.regelt = self._static(nothing, contract.REGELT)
        self._codes = {row[:2]: str(row[2]) for row in self._static(nothing, contract.GENOEMD_ALS)}
        self.omwegen = self._detours(nothing)

    def plan(self, rule: Rule) -> Plan:
        """The plan of one of the program's rules."""
        return self._plans[id(rule)]

    def plans_of(self, predicate: str, row: Sequence[ModelValue | None]) -> tuple[Plan, ...]:
        """The plans of the rules that may give a fact, by priority."""
        if predicate == contract.STAP:
            return self._step_plans.get(tuple(row[1:]), self._plans_of.get(predicate, ()))
        return self._plans_of.get(predicate, ())

    def first(self, reasons: Sequence[Justification]) -> Justification:
        """The reason to show of several for one fact."""
        return first(reasons, self._rank, self.ties)

    def bronnen(self, rule: Rule, values: Sequence[object]) -> tuple[Bron, ...]:
        """The sources of one of the program's rules, each once, with links to the text of its own time.

        `values`: those of the rule's variables, in order; a source that depends on a value not known is among them.
        """
        return self._citations[id(rule)].of(values)

    def bronnen_of(self, reasons: Sequence[Justification]) -> tuple[Bron, ...]:
        """The sources of several reasons, each once."""
        if len(reasons) == 1:
            return self.bronnen(*reasons[0])
        return tuple(dict.fromkeys(bron for reason in reasons for bron in self.bronnen(*reason)))

    def may_be_exceptional(self, node: int) -> bool:
        """Whether a node of the kern rests on a closed fact whose assertion opens an exceptional way."""
        found = self._exceptional.get(node)
        if found is None:
            under = self.kern.classes.ground.predicates_under(node)
            found = self._exceptional[node] = not under.isdisjoint(self.form.exceptions)
        return found

    def ground_place(self, norm: str) -> int:
        """The place of a norm's ground in the order in which ways are offered; consent comes last."""
        return self._ground_order[self.grondslag[norm]]

    def norm_place(self, norm: str) -> int:
        """The place of a norm in vocabulary order."""
        return self.norm_order.get(norm, len(self.norm_order))

    def _citation(self, rule: Rule) -> Citation:
        validity, declared = self.program.validity_of(rule), self.vocabulary.sources
        cited = [(sources.bron(one, declared, validity), one.condition) for one in references_of(rule)]
        return Citation(rule, cited, self.program.facts)

    def _static(self, nothing: FactSet, predicate: str) -> tuple[Row, ...]:
        if predicate not in self.vocabulary.predicates:
            return ()
        rows = self.decider.rows_only(nothing, "zeker", predicate)
        return tuple(tuple(value for value in row if isinstance(value, str | int)) for row in rows)

    def _order_of_grounds(self) -> Mapping[str, int]:
        """The places of the grounds as ways are offered: vocabulary order, but consent last."""
        grounds = self.vocabulary.domain_of(contract.GRONDSLAG, 1).values
        return {word: place for place, word in enumerate(sorted(grounds, key=contract.TOESTEMMING.__eq__))}

    def _detours(self, nothing: FactSet) -> Mapping[Row, list[str]]:
        """Per flow the parties through which it can go as well, in vocabulary order."""
        found: dict[Row, list[str]] = defaultdict(list)
        for row in self._static(nothing, contract.OMWEG):
            found[row[:-1]].append(str(row[-1]))
        for parties in found.values():
            parties.sort(key=self.vocabulary.domain_of(contract.OMWEG, -1).values.index)
        return found

    def code(self, norm: str, gegeven: str) -> str:
        """What a norm is called where it carries an item along: the norm's own code, mostly."""
        return self._codes.get((norm, gegeven), norm)

    def avg_of(self, norm: str) -> str | None:
        """The place in the AVG of what a norm rests on: the norm's own, else that of its ground."""
        return self.avg.get(norm) or self.avg.get(self.grondslag[norm])

    def _avg_places(self, nothing: FactSet) -> Mapping[str, str]:
        """The place in the AVG per ground, and per norm that has one of its own."""
        places: dict[str, str] = {}
        for name in (contract.AVG, contract.AVG_VAN_NORM):
            if name in self.vocabulary.predicates:
                domain = self.vocabulary.predicates[name].arguments[1].domain
                rows = self._static(nothing, name)
                places |= {str(row[0]): self.texts.label(domain, str(row[1])) for row in rows}
        return places


def _by_head(rules: tuple[Rule, ...]) -> Mapping[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        found[rule.head.predicate].append(rule)
    return {name: tuple(same) for name, same in found.items()}
