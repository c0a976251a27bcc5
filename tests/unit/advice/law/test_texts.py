"""Templates and sentences in plain Dutch."""

from __future__ import annotations

from app.advice.law.texts import capital, listing, render_of, sentence, template
from app.engine.unknown import Unknown
from tests.unit.advice.small_law import small_law, small_vocabulary


def test_values_are_written_by_their_domain() -> None:
    domains = small_vocabulary().domains
    assert render_of(domains["datum"])(20250711) == "11 juli 2025"
    assert render_of(domains["partij"])("school") == "de school"
    assert render_of(domains["leeftijd"])(18) == "18"
    assert render_of(domains["casus"])("c") == "de jongere"
    assert render_of(domains["deling"])("c.d0") == "deze deling"
    assert render_of(domains["leeftijd"])(Unknown("leeftijd", "c")) == "nog onbekend"
    assert render_of(domains["partij"])(None) == "nog onbekend"


def test_a_sentence_that_starts_with_a_value_gets_a_capital() -> None:
    partij = render_of(small_vocabulary().domains["partij"])
    filled = template("{V} geeft het aan {O}. {O} leest {Iets}.", {"V": (0, partij), "O": (1, partij)})
    assert filled.fill(["school", "gemeente"]) == "De school geeft het aan de gemeente. De gemeente leest {Iets}."


def test_a_clause_that_starts_with_a_value_gets_none() -> None:
    partij = render_of(small_vocabulary().domains["partij"])
    assert template("{V} vroeg het.", {"V": (0, partij)}, clause=True).fill(["school"]) == "de school vroeg het."


def test_facts_and_their_denial_have_words() -> None:
    texts = small_law().texts
    assert texts.fact("leeftijd", ("c", 18)) == "de jongere is 18 jaar"
    assert texts.fact("startkwalificatie", ("c", "nee")) == "er is geen startkwalificatie"
    assert texts.denial("startkwalificatie", ("c", "ja")) == "er is geen startkwalificatie"
    assert texts.denial("binnen", ("c",)) == "de termijn is voorbij"


def test_what_is_not_known_is_told_by_the_fact_that_would_say_it() -> None:
    texts = small_law().texts
    unknown = Unknown("leeftijd", "c")
    assert texts.unsaid("leeftijd", ("c", unknown)) == texts.fact("leeftijd", ("c", None)) == "hoe oud de jongere is"
    assert texts.unsaid("leeftijd", ("c", 18)) == ""
    assert texts.unsaid("startkwalificatie", ("c", None)) == ""


def test_texts_are_joined_as_people_do() -> None:
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "c"]) == "a, b en c"
    assert sentence("dit is zo") == "Dit is zo."
    assert sentence("Is dit zo?") == "Is dit zo?"
    assert capital("") == ""
