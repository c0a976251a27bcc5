"""The one door to a program: hash, validity, selection by date, queries."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from app.lang.diagnostics import Diagnostics
from app.lang.fingerprint import fingerprint
from app.lang.program import Program, SourceText, Validity, check, in_force
from app.lang.query import check_query
from app.lang.vocabulary import Source, Vocabulary

TEXT = (Path(__file__).parent / "good" / "whole.dl").read_text(encoding="utf-8")
METADATA = "# norm: VSV-1\n# bron: SD 1\n# uitleg: Dit.\n"


def program(words: Vocabulary, text: str = TEXT, start: int | None = None, until: int | None = None) -> Program:
    found = check([SourceText("a.dl", text, start, until)], words, whole=False)
    assert isinstance(found, Program)
    return found


def test_the_hash_is_that_of_the_texts_whatever_classes_hold_them(words: Vocabulary) -> None:
    """A refactoring cannot change this literal; a change of the recipe makes every replay say `anders`."""
    law = [SourceText("b.dl", "+ termijn('school', 2)\n"), SourceText("a.dl", "## Één.\n", 20240101, 20260101)]
    found = check(law, words, whole=False, words=[SourceText("normen.toml", '[N-1]\ntitel = "Eén"\n')])
    assert isinstance(found, Program)
    assert found.hash == fingerprint([*law, SourceText("normen.toml", '[N-1]\ntitel = "Eén"\n')])
    assert found.hash == "sha256:204918d799fbd08e86ead3c85d816cd6b211db50113c8c3808b825538cc2022f"


def test_the_hash_follows_the_documented_recipe() -> None:
    written = '["deelwijzer-beleid/1",["a.dl","## \\u00c9\\u00e9n.\\n",20240101,null],["b.dl","",null,20260101]]'
    texts = [SourceText("b.dl", "", None, 20260101), SourceText("a.dl", "## Één.\r\n", 20240101)]
    assert fingerprint(texts) == f"sha256:{hashlib.sha256(written.encode()).hexdigest()}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("< 27", "< 23"),
        ("jonger dan", "ouder dan"),
        ("SD §1.1, §3.1", "SD §1.1"),
        ("## Free", "## free"),
        (" & ", "  & "),
    ],
)
def test_every_change_of_a_text_changes_the_hash(words: Vocabulary, old: str, new: str) -> None:
    assert old in TEXT
    assert program(words, TEXT.replace(old, new)).hash != program(words).hash


def test_line_endings_do_not_change_the_hash(words: Vocabulary) -> None:
    assert program(words, TEXT.replace("\n", "\r\n")).hash == program(words).hash


def test_validity_words_and_order_of_clauses_change_the_hash(words: Vocabulary) -> None:
    assert program(words, start=20260101).hash != program(words).hash
    assert program(words, until=20260101).hash != program(words, start=20260101).hash
    assert program(words, start=20240101, until=20260101).hash != program(words, start=20240101).hash
    source = SourceText("a.dl", TEXT)
    with_words = check([source], words, whole=False, words=[SourceText("normen.toml", "")])
    assert isinstance(with_words, Program)
    assert with_words.hash != program(words).hash
    turned = TEXT.replace(
        "+ termijn('school', 2)\n+ termijn('gemeente', 1)", "+ termijn('gemeente', 1)\n+ termijn('school', 2)"
    )
    assert turned != TEXT
    assert program(words, turned).hash != program(words).hash


def test_every_rule_keeps_the_validity_of_its_file(words: Vocabulary) -> None:
    found = program(words, start=20240101, until=20260101)
    assert {found.validity_of(rule) for rule in found.rules} == {Validity(20240101, 20260101)}


def test_the_end_of_validity_is_exclusive() -> None:
    old, new = SourceText("oud", "", None, 20260101), SourceText("nieuw", "", 20260101)
    always = SourceText("altijd", "")
    assert in_force([old, new, always], 20251231) == (old, always)
    assert in_force([old, new, always], 20260101) == (new, always)


def test_the_same_rule_may_stand_in_two_regimes_that_follow_each_other(words: Vocabulary) -> None:
    rule = METADATA + "jong(Casus) <= bij(Casus, 'school')\n"
    old, new = SourceText("oud.dl", rule, None, 20260101), SourceText("nieuw.dl", rule, 20260101)
    assert isinstance(check([old, new], words, whole=False), Program)
    found = check([replace(old, valid_until=20260102), new], words, whole=False)
    assert isinstance(found, Diagnostics)
    assert [fault.code for fault in found] == ["duplicate"]


def test_the_sources_of_a_rule_are_told_law_first_and_else_as_written(words: Vocabulary) -> None:
    sources = {**words.sources, "AVG": Source("AVG", "De AVG", None, "https://x.example")}
    metadata = METADATA.replace("SD 1", "SD §2; WEB 9; AVG 6; WEB 8; SD §1")
    text = f"{metadata}jong(Casus) <= bij(Casus, 'school')\n"
    found = check([SourceText("a.dl", text)], replace(words, sources=sources), whole=False)
    assert isinstance(found, Program)
    (rule,) = found.rules
    assert rule.metadata is not None
    told = [f"{one.source} {one.place}" for one in rule.metadata.references]
    assert told == ["WEB 9", "WEB 8", "AVG 6", "SD §2", "SD §1"]


def test_two_texts_of_one_name_are_refused(words: Vocabulary) -> None:
    found = check([SourceText("a.dl", ""), SourceText("a.dl", "")], words, whole=False)
    assert isinstance(found, Diagnostics)
    assert [fault.message for fault in found] == ["two texts have this name"]


def test_a_clause_that_cannot_be_read_does_not_make_others_look_unused(words: Vocabulary) -> None:
    text = TEXT.replace("& jong(Casus) &", "& jong(Casus &")
    found = check([SourceText("a.dl", text)], words)
    assert isinstance(found, Diagnostics)
    assert [fault.code for fault in found] == ["parenthesis"]


def test_a_sound_query_is_returned_as_literals(words: Vocabulary) -> None:
    found = check_query("mag(Casus, Partij) & leeftijd(Casus, Jaren) & (Jaren < 18)", program(words))
    assert not isinstance(found, Diagnostics)
    assert len(found) == 3


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("mag(Casus", ["parenthesis"]),
        ("magg(Casus, Partij)", ["undeclared"]),
        ("mag(Casus)", ["arity"]),
        ("mag(Casus, 'schol')", ["value"]),
        ("zeker_mag(Casus, Partij)", ["side"]),
        ("bij(Casus, Partij) & ~mag(Casus, Wie)", ["unsafe"]),
        ("oud_genoeg(Casus, Jaren) & (Jaren == 18)", ["unknown"]),
        ("leeftijd(Casus, 18)", ["unknown"]),
        ("mandaat(Casus, Van, Aan)", ["open"] * 3),
        ("bij(Casus, Partij) & startkwalificatie(Casus, Partij)", ["domain"]),
        ("bij(Casus, Partij) & (Partij < 3)", ["type"]),
    ],
)
def test_a_query_is_checked_like_a_body(text: str, codes: list[str], words: Vocabulary) -> None:
    found = check_query(text, program(words))
    assert isinstance(found, Diagnostics)
    assert [fault.code for fault in found] == codes
