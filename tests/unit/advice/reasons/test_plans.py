"""Rules made ready for walking: what tells a rule's scope, and in what order its conditions are read."""

from __future__ import annotations

from app.advice.reasons.plans import make_plan, scope_predicates
from tests.unit.engine.small_law import small_program

PROGRAM = small_program(
    """
    gaat_over(D, K) <= deling(C, D, K) & warm(K)
    mag_kleur(D) <= gaat_over(D, K)
    persoon(C, K) <= verf(C, K)
    klaar(D, K) <= deling(C, D, L) & verf(C, K) & persoon(C, K) & mag_kleur(D) & (K != L)
    + warm('rood')
    """,
    ("gaat_over", "deling kleur", "afgeleid", ""),
    ("mag_kleur", "deling", "afgeleid", ""),
    ("persoon", "casus kleur", "afgeleid", ""),
    ("klaar", "deling kleur", "uitkomst", ""),
)
OF_SCOPE = scope_predicates(PROGRAM.rules, PROGRAM.vocabulary, "deling")


def test_what_rests_on_tables_and_the_proposed_flow_alone_tells_scope() -> None:
    assert {"warm", "deling", "gaat_over", "mag_kleur"} <= OF_SCOPE
    assert OF_SCOPE.isdisjoint({"verf", "persoon", "klaar"})


def test_a_comparison_is_of_scope_when_all_its_values_are() -> None:
    (klaar,) = (rule for rule in PROGRAM.rules if rule.head.predicate == "klaar")
    plan = make_plan(klaar, PROGRAM.vocabulary, OF_SCOPE)
    named = [plan.premises[at].predicate for at in plan.scope if at < len(plan.premises)]
    assert sorted(named) == ["deling", "mag_kleur"]
    assert len(plan.premises) not in plan.scope  # K comes from a fact of the case


def test_a_fact_of_the_case_waits_for_the_condition_that_tells_its_value() -> None:
    headless = small_program(
        "los(D) <= deling(C, D, L) & verf(C, K) & persoon(C, K)\npersoon(C, K) <= verf(C, K)",
        ("los", "deling", "uitkomst", ""),
        ("persoon", "casus kleur", "afgeleid", ""),
    )
    (los,) = (one for one in headless.rules if one.head.predicate == "los")
    order = [premise.predicate for premise in make_plan(los, headless.vocabulary, {"deling"}).premises]
    assert order == ["deling", "persoon", "verf"]
