"""The real law, read and made ready once for all properties.

Goes in: the folders facts/ and policies/. Comes out: the book, the adviser, the scenarios' questions.
Must not know: what any rule says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import settings

from app.advice.advies import Advies
from app.advice.advisor import Advisor
from app.advice.contract import OORDEEL, STRIJDIG
from app.advice.question.casus import CASE_KEY, Casus, flatten
from app.advice.question.extras import NO_EXTRAS, Extras
from app.advice.question.facts import to_facts
from app.engine.compiled import CompiledEngine
from app.engine.facts import FactSet, Row
from app.engine.model import Decider, Model
from app.lang.ast import Value
from app.lang.vocabulary import Vocabulary
from app.store.policies import PolicySet, read_policies
from app.store.policy_book import PolicyBook
from app.store.scenarios import Scenario, read_scenarios
from app.web.question import QuestionReader

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT / "facts"
POLICIES = ROOT / "policies"
USUAL_EXAMPLES = 200
"""Of a law in the default profile (tests/conftest.py)."""


@dataclass(frozen=True)
class RealLaw:
    """Everything the properties ask the law with."""

    policies: PolicySet
    book: PolicyBook
    advisor: Advisor
    reader: QuestionReader
    scenarios: tuple[Scenario, ...]

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the law."""
        return self.policies.vocabulary

    def facts(self, casus: Casus, key: str = CASE_KEY) -> FactSet:
        """State a casus as facts."""
        return to_facts(casus, self.vocabulary, key)

    def decide(self, casus: Casus) -> Model:
        """Decide a casus."""
        return self.book.on(casus.peildatum).decide(self.facts(casus))

    def advise(self, casus: Casus, extras: Extras = NO_EXTRAS) -> Advies:
        """Advise on a casus that does not contradict itself."""
        found = self.advisor.advise(casus, extras)
        assert isinstance(found, Advies), found
        return found

    def oordelen(self, casus: Casus) -> list[str]:
        """List the oordelen, one for each flow in the order asked."""
        rows = self.book.on(casus.peildatum).rows_only(self.facts(casus), "zeker", OORDEEL)
        found = verdicts(rows)
        return [found[flow.key] for flow in flatten(casus)]


@cache
def real_law() -> RealLaw:
    """Read and compile the law; once per test run."""
    policies = read_policies(FACTS, POLICIES)
    return law_of(policies, read_scenarios(POLICIES))


def law_of(policies: PolicySet, scenarios: tuple[Scenario, ...]) -> RealLaw:
    """Make a policy set ready."""
    book = PolicyBook(policies, CompiledEngine())
    book.prepare_all()
    return RealLaw(policies, book, Advisor(book), QuestionReader(policies.vocabulary), scenarios)


@cache
def scenario_questions() -> tuple[Casus, ...]:
    """List the questions of all scenarios that are meant to be answered."""
    law = real_law()
    return tuple(law.reader.check(dict(one.vraag)) for one in law.scenarios if one.fout is None)


def verdicts(rows: Iterable[Sequence[Any]]) -> dict[Any, str]:
    """Read rows of oordeel: exactly one for each flow."""
    found: dict[Any, str] = {}
    for flow, oordeel in rows:
        assert flow not in found, "two oordelen for one flow"
        found[flow] = oordeel
    return found


def contradicts(decider: Decider, facts: FactSet) -> bool:
    """Whether the facts of a case contradict each other."""
    return bool(decider.rows_only(facts, "zeker", STRIJDIG))


def answered(facts: FactSet, predicate: str, key: Value, rows: Iterable[Row]) -> FactSet:
    """State about an open fact that these rows, and no others, hold."""
    known = dict(facts.known)
    unknown = dict(facts.unknown)
    known[predicate] = (*known.get(predicate, ()), *rows)
    unknown[predicate] = tuple(other for other in unknown[predicate] if other != key)
    return FactSet(known, unknown)


def fewer(count: int) -> int:
    """Return how many examples a costly law gets: `count` in the default profile, more or less in others."""
    profile = settings.default
    assert profile is not None
    return max(1, count * profile.max_examples // USUAL_EXAMPLES)
