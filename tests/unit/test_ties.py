"""Ties that show in an answer to a scenario are faults, with the place of both rules."""

from __future__ import annotations

from dataclasses import replace

from app.engine.compiled import CompiledEngine
from app.store.policies import PolicySet
from app.store.policy_book import PolicyBook
from app.ties import ties_shown
from tests.properties.real_law import real_law

SAID = "# uitleg: U hebt afgewogen dat dit noodzakelijk is voor {Doel}: {Gegeven}.\n# voorrang: 1\n"


def without_voorrang(policies: PolicySet) -> PolicySet:
    texts = [replace(one, text=one.text.replace(SAID, SAID.replace("# voorrang: 1\n", ""))) for one in policies.sources]
    return replace(policies, sources=tuple(texts))


def test_a_tie_that_shows_names_both_rules_and_what_to_write() -> None:
    law = real_law()
    some = [one for one in law.scenarios if "jongere_aanwezig" in repr(one.vraag)]
    book = PolicyBook(without_voorrang(law.policies), CompiledEngine())
    found = ties_shown(book, law.reader, some)

    assert ties_shown(law.book, law.reader, some) == ()
    (tie,) = found
    place, help_line = tie.splitlines()[0], tie.splitlines()[-1]
    assert place.startswith("policies/algemeen/stappen.dl:")
    assert "stappen.dl, line" in place
    assert place.endswith("[voorrang]")
    assert "# voorrang: 1" in help_line
