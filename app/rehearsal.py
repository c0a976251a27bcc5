"""The rehearsal: every scenario is asked as a caller would ask it, and the whole answer is held to what it states.

Goes in: the desk and the scenarios. Comes out: everything that is not as it should be, in words.
Must not know: how anything is decided, or what a scenario may state.

The start holds both engines to the oordelen only, because it must be quick; this is for who changes the law.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.operations.log_lines import place_of
from app.store.expectations import other_refusal, unknown_words, unmet
from app.store.policies import PolicyFault
from app.store.scenarios import Scenario
from app.web.desk import Desk
from app.web.problems import Problem, refuses


def rehearse(desk: Desk, scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """Ask every scenario's question and return all faults, each once."""
    return tuple(dict.fromkeys(fault for one in scenarios for fault in _faults_of(desk, one)))


def must_answer_as_stated(desk: Desk, scenarios: Iterable[Scenario]) -> None:
    """Hold every whole answer to its scenario; raises PolicyFault with what is not as it states."""
    faults = rehearse(desk, scenarios)
    if faults:
        raise PolicyFault.first_of(faults, "answers are not as the scenarios state")


def _faults_of(desk: Desk, scenario: Scenario) -> Iterator[str]:
    yield from unknown_words(scenario, desk.reader.vocabulary)
    try:
        answer = desk.answer_value(dict(scenario.vraag))
    except Problem as problem:
        fields = [fout.veld for fout in problem.fouten]
        if scenario.fout is None or not refuses(problem) or scenario.fout not in fields:
            yield other_refusal(scenario, fields or [problem.detail])
    except Exception as fault:
        yield f"{scenario.file}: {scenario.id}: no answer: {type(fault).__name__} at {place_of(fault)}"
    else:
        if scenario.fout is not None:
            yield other_refusal(scenario, ())
        yield from unmet(scenario, answer)
