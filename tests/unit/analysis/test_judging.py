"""What each part of a small law does: the four kinds, and which question shows it."""

from __future__ import annotations

import pytest

from app.analysis.judging import Judged, Judging, Outcomes
from app.analysis.omission import Omission, omissions_of
from app.engine.facts import FactSet, Row
from app.lang.ast import Comparison, Fact, Rule
from app.lang.printer import print_clauses
from tests.unit.kern.small import RULES, small_program

METADATA = "\n# norm: N-1\n# bron: SD 1\n# uitleg: Dit volgt.\n"
FLOW = "deling(Zaak, Deling, Van, Aan)"
OUTCOMES = Outcomes(("mag", "ook"), "strijdig")


def judged(*rules: str, questions: tuple[FactSet, ...] = ()) -> dict[str, Judged]:
    """Judge the parts of a law of these rules: by the text of a rule, and of what a rule loses."""
    text = "".join(one if one.startswith("+") else METADATA + one + "\n" for one in rules)
    program = small_program("+ licht('wit')\n+ publiek('school')\n" + text)
    return {name(one.omission): one for one in Judging(program, OUTCOMES, questions).judge()}


def name(omission: Omission) -> str:
    """Say what is left out: a clause, or conditions of a rule."""
    clause = omission.clause
    if isinstance(clause, Fact) or not omission.lost:
        return plain(clause)
    lost = tuple(clause.body[at] for at in omission.lost)
    return f"{clause.head.predicate}: {plain(Rule(clause.head, lost)).partition('<= ')[2]}"


def plain(clause: Rule | Fact) -> str:
    bare = Rule(clause.head, clause.body) if isinstance(clause, Rule) else clause
    return " ".join(print_clauses([bare]).split())


def asked(**said: str) -> FactSet:
    """State a flow from the school to the gemeente, and what is said; nodig and kleur may be left unknown."""
    known: dict[str, tuple[Row, ...]] = {"deling": (("z", "d", "school", "gemeente"),)}
    of = {"nodig": "d", "kleur": "z"}
    known |= {fact: ((of[fact], word),) for fact, word in said.items()}
    unknown = {fact: (key,) for fact, key in of.items() if fact not in said}
    return FactSet(known, unknown)


def test_a_rule_without_which_a_full_case_ends_otherwise_is_decisive() -> None:
    rule = f"mag(Deling) <= {FLOW} & nodig(Deling, 'ja')"
    found = judged(rule)
    assert found[plain_of(rule)].kind == "beslissend"
    assert found["mag: nodig(Deling, 'ja')"].kind == "beslissend"


def test_a_rule_that_only_settles_what_is_unknown_is_partial_only() -> None:
    """Nodig is ja or nee: whoever knows which, needs no third rule."""
    always = f"mag(Deling) <= {FLOW}"
    yes, no = (f"mag(Deling) <= {FLOW} & nodig(Deling, '{word}')" for word in ("ja", "nee"))
    found = judged(yes, no, always)
    assert found[plain_of(always)].kind == "alleen_gedeeltelijk"


def test_a_rule_that_says_what_another_says_is_explanatory() -> None:
    always, sometimes = f"mag(Deling) <= {FLOW}", f"mag(Deling) <= {FLOW} & nodig(Deling, 'ja')"
    found = judged(always, sometimes)
    assert found[plain_of(sometimes)].kind == "verklarend"
    assert found["mag: nodig(Deling, 'ja')"].kind == "verklarend"


def test_a_rule_that_can_never_apply_is_dead() -> None:
    never = f"mag(Deling) <= {FLOW} & publiek(Van) & (Van == 'werkgever')"
    found = judged(f"mag(Deling) <= {FLOW} & nodig(Deling, 'ja')", never)
    assert found[plain_of(never)].kind == "dood"


def test_a_condition_on_what_is_computed_is_lost_with_those_that_read_it() -> None:
    rule = f"mag(Deling) <= {FLOW} & jaren(Zaak, Jaren) & (Jaren >= 18)"
    whole = small_program(METADATA + rule + "\n").rules[0]
    lost = {
        base_of(whole, at): omission and {base_of(whole, one) for one in omission.lost}
        for at, omission in omissions_of(whole)
    }
    assert lost == {"deling": None, "jaren": {"jaren", ">="}, ">=": {">="}}


def base_of(rule: Rule, at: int) -> str:
    """Name a condition: its predicate, or its operator."""
    literal = rule.body[at]
    return literal.operator if isinstance(literal, Comparison) else literal.atom.predicate


def test_a_row_of_a_table_is_judged_as_a_rule_is() -> None:
    found = judged(f"mag(Deling) <= {FLOW} & publiek(Van)")
    assert found["+ publiek('school')"].kind == "beslissend"
    assert "+ licht('wit')" not in found  # no outcome rests on it


def test_a_rule_that_rests_on_another_is_seen_through_it() -> None:
    found = {name(one.omission): one for one in Judging(small_program(RULES), OUTCOMES, ()).judge()}
    assert found["donker: ~licht(Kleur)"].kind == "beslissend"
    assert found["+ licht('wit')"].kind == "beslissend"
    assert found["ook: gegeven(Toestemming, 'ja')"].kind == "beslissend"


@pytest.mark.parametrize(
    ("question", "shows"),
    [(asked(nodig="ja"), True), (asked(), True), (asked(nodig="nee"), False)],
    ids=["it applies", "it may apply", "it does not apply"],
)
def test_a_question_shows_a_rule_without_which_it_ends_otherwise(question: FactSet, shows: bool) -> None:
    rule = f"mag(Deling) <= {FLOW} & nodig(Deling, 'ja')"
    found = judged(rule, questions=(question,))
    assert found[plain_of(rule)].shown == ((0,) if shows else ())


def test_a_condition_is_shown_by_a_question_in_which_it_alone_fails() -> None:
    rule = f"mag(Deling) <= {FLOW} & nodig(Deling, 'ja') & kleur(Zaak, 'rood')"
    found = judged(rule, questions=(asked(nodig="ja", kleur="wit"), asked(nodig="nee", kleur="wit")))
    assert found["mag: kleur(Zaak, 'rood')"].shown == (0,)
    assert found["mag: nodig(Deling, 'ja')"].shown == ()


def test_a_row_that_only_the_lacking_law_has_counts() -> None:
    """Without the colour of the case every bright colour would do."""
    rule = "donker(Zaak) <= kleur(Zaak, Kleur) & licht(Kleur) & bevat(Zaak, Kleur)"
    found = judged(rule, f"mag(Deling) <= {FLOW} & donker(Zaak)")
    assert found["donker: licht(Kleur)"].kind == "beslissend"


def plain_of(rule: str) -> str:
    """The text of a rule as it is printed."""
    return plain(small_program(METADATA + rule + "\n").rules[0])
