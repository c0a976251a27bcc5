"""Coverage of the law by its scenarios: what each rule and condition does, which scenario shows it, per article too.

Goes in: the programs of all days, and scenarios with their facts. Comes out: a `Coverage`.
Must not know: how it is told to people, or where scenarios and programs come from.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from app.advice import contract
from app.analysis.judging import Judging, Kind, Outcomes, place
from app.analysis.omission import omissions_of
from app.engine.facts import FactSet
from app.kern.linear import NotLinear
from app.kern.refusals import Refused
from app.lang.ast import Fact, Rule
from app.lang.program import Program
from app.lang.vocabulary import Vocabulary
from app.record import record

OUTCOMES: Final = Outcomes(
    (
        contract.MAG,
        contract.OORDEEL,
        contract.KANTTEKENING,
        contract.DOEL_VERVALT,
        contract.VERPLICHTING,
        contract.RECHT,
        contract.MEDEDELING,
        contract.ALTERNATIEF_GEGEVEN,
        contract.ALTERNATIEF_ROUTE,
        contract.OMWEG,
        contract.TAAK,
        contract.TAAK_TOT,
        contract.VOORTIJDIG_SCHOOLVERLATER,
        contract.AANBOD,
        contract.BEGELEIDING_TOT,
        contract.ROL,
    ),
    contract.STRIJDIG,
)
"""What an answer tells, and what refuses a case. The steps are no outcome: a norm permits by all four together."""
STRONGEST: Final[tuple[Kind, ...]] = ("beslissend", "alleen_gedeeltelijk", "verklarend", "dood", "onbekend")
Part = tuple[str, int, tuple[int, ...]]
"""The file and line of a clause, and the places of the conditions that are left out; () for the whole clause."""
Weighed = dict[Part, tuple[Kind, tuple[str, ...]]]
Begin = Callable[[Callable[[], Weighed]], Callable[[], Weighed]]


class NotJudged(Exception):
    """The kern does not understand a law; `deelwijzer check` says where."""


@record
class Law:
    """The program of one stretch of days, and the scenarios about it: their ids and the facts they state."""

    program: Program
    scenarios: Sequence[tuple[str, FactSet]]


@record
class Weight:
    """What a part of the law does, and the ids of the scenarios whose answer changes without it."""

    kind: Kind
    shown: tuple[str, ...]


@record
class Condition:
    """A condition by its place in the rule; `weight` None where the rule cannot do without, for it names its result."""

    at: int
    weight: Weight | None


@record
class RuleCoverage:
    """A rule with its conditions. `weight` is None for a rule on which no outcome rests: it only guards."""

    rule: Rule
    weight: Weight | None
    conditions: tuple[Condition, ...]


@record
class Article:
    """A place in a source: the rules that cite it, and the scenarios that show one of those rules."""

    source: str
    place: str
    rules: tuple[Rule, ...]
    scenarios: tuple[str, ...]


@record
class Coverage:
    """All of it. `unused`: the sources that no rule cites; () where only some clauses were wanted."""

    rules: tuple[RuleCoverage, ...]
    facts: tuple[tuple[Fact, Weight | None], ...]
    articles: tuple[Article, ...]
    unused: tuple[str, ...]

    def equivalent(self) -> frozenset[Part]:
        """Return the parts without which every case has the same outcomes, a single condition by its own place."""
        found: list[Part] = []
        for one in self.rules:
            where = (one.rule.span.file, one.rule.span.line)
            if _is_idle(one.weight):
                found.append((*where, ()))
            lost = [condition.at for condition in one.conditions if condition.weight and _is_idle(condition.weight)]
            found += [(*where, (at,)) for at in (range(len(one.rule.body)) if one.weight is None else lost)]
        found += [(fact.span.file, fact.span.line, ()) for fact, weight in self.facts if _is_idle(weight)]
        return frozenset(found)

    def dead(self) -> tuple[Rule, ...]:
        """Return the rules that never apply."""
        return tuple(one.rule for one in self.rules if one.weight is not None and one.weight.kind == "dood")


def cover(laws: Sequence[Law], begin: Begin, wanted: Callable[[Rule | Fact], bool] | None = None) -> Coverage:
    """Judge the parts of all laws, or of the clauses that are wanted.

    `begin`: begins a job, apart where that can be, and returns what waits for its result.
    """
    clauses = _clauses(laws, wanted)
    places = frozenset(clauses)
    waiting = [begin(partial(weigh, law, places)) for law in laws[1:]]
    found = [weigh(law, places) for law in laws[:1]] + [wait() for wait in waiting]
    weights = _together(found)
    rules = tuple(_of_rule(one, weights) for one in clauses.values() if isinstance(one, Rule))
    facts = tuple(
        (one, weights.get((one.span.file, one.span.line, ()))) for one in clauses.values() if isinstance(one, Fact)
    )
    vocabulary = laws[0].program.vocabulary
    return Coverage(rules, facts, tuple(_articles(rules, vocabulary)), () if wanted else _unused(rules, vocabulary))


def weigh(law: Law, places: Collection[tuple[str, int]]) -> Weighed:
    """Judge the parts of one law that stand at some places."""
    try:
        judging = Judging(law.program, OUTCOMES, [facts for _, facts in law.scenarios])
    except (Refused, NotLinear) as fault:
        raise NotJudged(str(fault)) from None
    return {
        (*place(one.omission), one.omission.lost): (one.kind, tuple(law.scenarios[at][0] for at in one.shown))
        for one in judging.judge(places)
    }


def _clauses(laws: Iterable[Law], wanted: Callable[[Rule | Fact], bool] | None) -> dict[tuple[str, int], Rule | Fact]:
    """Return the clauses of all laws in the order of files and lines, each once."""
    found: dict[tuple[str, int], Rule | Fact] = {}
    for law in laws:
        clauses: tuple[Rule | Fact, ...] = (*law.program.rules, *law.program.facts)
        for clause in clauses:
            if wanted is None or wanted(clause):
                found.setdefault((clause.span.file, clause.span.line), clause)
    return dict(sorted(found.items()))


def _together(found: Iterable[Weighed]) -> dict[Part, Weight]:
    """Take of each part the strongest that it is in any law, and every scenario that shows it."""
    weights: dict[Part, Weight] = {}
    for law in found:
        for part, (kind, shown) in law.items():
            before = weights.get(part)
            if before is not None:
                kind = min(kind, before.kind, key=STRONGEST.index)
                shown = tuple(dict.fromkeys((*before.shown, *shown)))
            weights[part] = Weight(kind, shown)
    return weights


def _of_rule(rule: Rule, weights: Mapping[Part, Weight]) -> RuleCoverage:
    where = (rule.span.file, rule.span.line)
    whole = weights.get((*where, ()))

    def weight_of(lost: tuple[int, ...]) -> Weight | None:
        found = weights.get((*where, lost))
        if found is not None and whole is not None and whole.kind == "dood":
            return Weight("dood", ())
        return found

    conditions = tuple(
        Condition(at, weight_of(omission.lost) if omission is not None else None) for at, omission in omissions_of(rule)
    )
    return RuleCoverage(rule, whole, conditions if whole is not None else ())


def _is_idle(weight: Weight | None) -> bool:
    return weight is None or weight.kind in ("verklarend", "dood")


def _articles(rules: Sequence[RuleCoverage], vocabulary: Vocabulary) -> Iterator[Article]:
    """The places that rules cite, by source in the order of the vocabulary and then as they are written."""
    cited: dict[tuple[str, str], list[RuleCoverage]] = {}
    for one in rules:
        for reference in one.rule.metadata.references if one.rule.metadata else ():
            cited.setdefault((reference.source, reference.place), []).append(one)
    order = list(vocabulary.sources)
    for (source, where), resting in sorted(cited.items(), key=lambda pair: (order.index(pair[0][0]), pair[0][1])):
        shown = dict.fromkeys(name for one in resting if one.weight for name in one.weight.shown)
        yield Article(source, where, tuple(one.rule for one in resting), tuple(shown))


def _unused(rules: Sequence[RuleCoverage], vocabulary: Vocabulary) -> tuple[str, ...]:
    cited = {one.source for cover in rules if cover.rule.metadata for one in cover.rule.metadata.references}
    return tuple(code for code in vocabulary.sources if code not in cited)
