"""The definitions, DEF-1 to DEF-8 (domein.md §2).

Goes in: a `Case`, or a `Flow` where the parties matter. Comes out: three-valued answers.
"""

from __future__ import annotations

from tests.reading.kleene import NO, UNKNOWN, YES, Kleene, all_of, any_of, known, not_
from tests.reading.situation import YEAR, Case, Flow
from tests.reading.words import DP, GEEFT_STARTKWALIFICATIE, MBO, ONDERZOEK, UITWISSELBAAR, VSO, WI

TERM_CHOSEN_BY_SCHOOL = MBO | VSO | {"vavo", "vo", "pro"}
WORKS_WITH_DIPLOMA = {"mbo_entree", "pro", "vso_arbeid", "vso_dagbesteding"}


def leeftijd(case: Case) -> int | None:
    """DEF-1: whole years on the peildatum."""
    if case.geboortedatum is not None:
        return (case.peildatum - case.geboortedatum) // YEAR
    return case.number("leeftijd")


def younger_than(case: Case, years: int) -> Kleene:
    """DEF-1: "tot 27" is younger than 27."""
    age = leeftijd(case)
    return known(None if age is None else age < years)


def from_age(case: Case, years: int) -> Kleene:
    """Whether someone is so old already."""
    return not_(younger_than(case, years))


def startkwalificatie(case: Case) -> Kleene:
    """DEF-2: said so, or from a diploma of mbo_2 and up; what gives none does not show that there is none."""
    said = case.says("startkwalificatie")
    if said is not UNKNOWN:
        return said
    follows = all_of(case.opleiding_in(GEEFT_STARTKWALIFICATIE), case.diploma)
    return YES if follows.certain else UNKNOWN


def leerplichtig(case: Case) -> Kleene:
    """DEF-3: to 31 July of the school year in which someone turns 16."""
    if case.geboortedatum is not None:
        turns_16 = case.geboortedatum + 16 * YEAR
        year, rest = divmod(turns_16, YEAR)
        ends_in = year + (1 if rest >= 8_01 else 0)
        return known(case.peildatum <= ends_in * YEAR + 7_31)
    age = leeftijd(case)
    if age is None:
        return UNKNOWN
    return not_(case.says("schooljaar_van_16_voorbij")) if age == 16 else known(age < 16)


def kwalificatieplichtig(case: Case) -> Kleene:
    """DEF-3: under 18 without startkwalificatie, with two exceptions."""
    return all_of(
        younger_than(case, 18),
        not_(startkwalificatie(case)),
        not_(all_of(case.opleiding_in({"pro"}), case.diploma)),
        not_(case.opleiding_in({"vso_arbeid", "vso_dagbesteding"})),
    )


def lkp(case: Case) -> Kleene:
    """Leer- of kwalificatieplichtig."""
    return any_of(leerplichtig(case), kwalificatieplichtig(case))


def from_own_term(case: Case) -> Kleene:
    """DEF-7: absent from the school's own shorter meldtermijn, which is at least one week."""
    weken, term = case.number("weken", "verzuim"), case.number("meldtermijn_weken", "verzuim")
    if weken is not None and weken < 1:
        return NO
    return known(None if weken is None or term is None else weken >= term)


def absent_weeks(case: Case, weken: int) -> Kleene:
    """Whether someone is absent for so many weeks."""
    said = case.number("weken", "verzuim")
    return known(None if said is None else said >= weken)


def no_valid_reason(case: Case) -> Kleene:
    """Whether there is no valid reason for the absence."""
    return not_(case.says("geldige_reden", "verzuim"))


def long_absence(case: Case) -> Kleene:
    """DEF-7: four weeks, or for some opleidingen the school's shorter term, without valid reason."""
    own_term = all_of(case.opleiding_in(TERM_CHOSEN_BY_SCHOOL), from_own_term(case))
    return all_of(any_of(absent_weeks(case, 4), own_term), no_valid_reason(case))


def not_at_school(case: Case) -> Kleene:
    """Not ingeschreven, or absent for long."""
    return any_of(not_(case.ingeschreven), long_absence(case))


def vsv(case: Case) -> Kleene:
    """Voortijdig schoolverlater: DEF-4 from 2026, DEF-5 before."""
    aged = all_of(from_age(case, 12), age_limit(case))
    base = all_of(aged, not_(startkwalificatie(case)), not_at_school(case))
    if case.nieuw:
        return base
    works = all_of(case.says("heeft_werk"), case.diploma, case.opleiding_in(WORKS_WITH_DIPLOMA))
    return all_of(base, not_(works))


def age_limit(case: Case) -> Kleene:
    """Under 27; before 2026 under 23."""
    return younger_than(case, 27 if case.nieuw else 23)


def uitwisselbaar(flow: Flow) -> bool:
    """DEF-8, but for the inkomensgegevens of VSV-1."""
    between_dp_and_wi = {flow.verstrekker, flow.ontvanger} == {DP, WI}
    return flow.gegeven in UITWISSELBAAR or (between_dp_and_wi and flow.gegeven in ONDERZOEK)
