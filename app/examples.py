"""Which scenarios become the examples in the descriptions of the API, and which anyone may read as cases.

Goes in: the scenarios. Comes out: some of them as examples, the most telling first.
Must not know: what any of them asks, or how it is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from app.store.scenarios import Expected, Scenario
from app.web.openapi_examples import Example

MAX_EXAMPLES: Final = 12
SHOWN: Final = ("oordeel", "grondslag", "norm", "alternatief", "kanttekeningen", "ontbrekend")
"""What of an expectation is shown, each None or absent where a scenario does not say it."""
OWN_CASES: Final = "casussen.toml"
"""The file with scenarios of a regime that holds the source's own cases."""


def examples_of(scenarios: tuple[Scenario, ...]) -> tuple[Example, ...]:
    """Choose scenarios as examples: of each section its first case by the newest law, then one that proposes no flow.

    Where a regime has the cases of the source itself in a file of their own, those only.
    """
    proposing = [one for one in scenarios if one.fout is None and one.verwacht]
    own = [one for one in proposing if one.file.endswith(f"/{OWN_CASES}")]
    chosen: dict[str, Scenario] = {}
    for one in sorted(own or proposing, key=lambda one: str(one.vraag.get("peildatum", "")), reverse=True):
        chosen.setdefault(one.sectie, one)
    first = [chosen[sectie] for sectie in sorted(chosen)][: MAX_EXAMPLES - 1]
    listing = [one for one in scenarios if one.stromen and one.fout is None][:1]
    return tuple(Example(one.id, _title(one), one.verhaal, one.vraag) for one in (*first, *listing))


def cases_of(scenarios: tuple[Scenario, ...]) -> tuple[Mapping[str, Any], ...]:
    """Write the source's own cases, with the answer expected of each: its story, section, question and expectations."""
    return tuple(
        {
            "scenario": one.id,
            "regime": one.file.split("/")[-3],
            "sectie": one.sectie,
            "verhaal": one.verhaal,
            "vraag": one.vraag,
            "verwacht": [_expected(expected) for expected in one.verwacht],
        }
        for one in scenarios
        if one.file.endswith(f"/{OWN_CASES}") and one.fout is None and one.verwacht
    )


def _expected(expected: Expected) -> dict[str, Any]:
    """Write what is expected of one flow, as far as it is said: the words of an advice."""
    said = {name: getattr(expected, name) for name in SHOWN}
    return {name: value for name, value in said.items() if value is not None}


def _title(scenario: Scenario) -> str:
    """The section and the first sentence of the story."""
    sentence, dot, _ = scenario.verhaal.partition(". ")
    return f"§{scenario.sectie}: {sentence}{dot.rstrip()}"
