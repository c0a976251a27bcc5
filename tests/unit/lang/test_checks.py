"""Every check, on example files: `good/` gives a program, `bad/` exactly the faults in its `.txt`.

Rewrite the expected texts with `UPDATE_GOLDENS=1 pytest tests/unit/lang`, and read the difference.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.lang import check_structure
from app.lang.checks import CHECKS
from app.lang.diagnostics import Diagnostics, render
from app.lang.program import Program, SourceText, check
from app.lang.vocabulary import Vocabulary

HERE = Path(__file__).parent
BAD = sorted(HERE.glob("bad/*.dl"))
GOOD = sorted(HERE.glob("good/*.dl"))

MUTED = {"sentence": ("betrokken",), "whole_sentence": ("betrokken", "oud_genoeg", "oordeel")}
"""Predicates that an example has no denial for."""


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_example_gives_exactly_its_diagnostics(path: Path, words: Vocabulary) -> None:
    if path.stem in MUTED:
        mute = {name: replace(words.predicates[name], negated="") for name in MUTED[path.stem]}
        words = replace(words, predicates={**words.predicates, **mute})
    source = SourceText(path.name, path.read_text(encoding="utf-8"))
    found = check([source], words, whole=path.stem.startswith("whole"))
    assert isinstance(found, Diagnostics)
    text = render(found, [source]) + "\n"
    golden = path.with_suffix(".txt")
    if os.environ.get("UPDATE_GOLDENS"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_good_example_gives_a_program(path: Path, words: Vocabulary) -> None:
    source = SourceText(path.name, path.read_text(encoding="utf-8"))
    found = check([source], words)
    assert isinstance(found, Program), render(found, [source])


def test_two_sentences_deny_each_other_only_where_there_is_no_third_value(words: Vocabulary) -> None:
    source = SourceText("whole.dl", (HERE / "good" / "whole.dl").read_text(encoding="utf-8"))
    third = replace(words.domains["ja_nee"], labels={**words.domains["ja_nee"].labels, "soms": "soms"})
    found = check([source], replace(words, domains={**words.domains, "ja_nee": third}))
    assert isinstance(found, Diagnostics)
    assert {(one.code, one.message) for one in found} == {
        ("sentence", "`startkwalificatie` has no sentence for its negation")
    }


def test_every_code_has_a_bad_example() -> None:
    """The examples reach every kind of fault the checks name."""
    golden = "".join(path.with_suffix(".txt").read_text(encoding="utf-8") for path in BAD)
    codes = (
        "undeclared arity value domain type unsafe open unknown metadata norm source interpretatie uitleg "
        "recursion duplicate undefined unused side kind ground sentence syntax character layout comment "
        "number word reserved parenthesis grondslag stap voorrang"
    )
    assert [code for code in codes.split() if f"[{code}]" not in golden] == []


def test_the_check_on_sentences_is_last_so_that_it_is_easy_to_switch_off() -> None:
    assert CHECKS[-1] is check_structure.missing_sentences


def test_a_norm_has_its_ground_on_every_day_it_is_law(words: Vocabulary) -> None:
    """Rules that always hold, and their ground since 2026 only."""
    always = SourceText("altijd.dl", (HERE / "good" / "whole.dl").read_text(encoding="utf-8"))
    ground = "+ grondslag('VBD-1', 'taak')\n"
    assert always.text.count(ground) == 1
    texts = [replace(always, text=always.text.replace(ground, "")), SourceText("nieuw.dl", ground, 20260101)]
    found = check(texts, words)
    assert isinstance(found, Diagnostics)
    assert [(one.code, one.message) for one in found] == [("grondslag", "norm `VBD-1` rests on no ground")]
    old = SourceText("oud.dl", ground.replace("taak", "wil"), None, 20260101)
    assert isinstance(check([*texts, old], words), Program), "another ground per day is no second ground"


def test_a_norm_that_another_rule_may_bring_in_is_not_called_half(words: Vocabulary) -> None:
    """Whatever stands in no head and no table cannot be listed; nobody is blamed for it."""
    text = (HERE / "bad" / "norm_half.dl").read_text(encoding="utf-8")
    metadata = "\n# norm: ALB-1\n# bron: SD §1\n# uitleg: Dit.\n"
    for head, still in (
        ("regelt(Norm, Partij) <= bij(Casus, Partij)", ["VBD-1"]),
        ("stap(Casus, Norm, 1) <= bij(Casus, Partij)", ["VSV-1"]),
    ):
        source = SourceText("a.dl", f"{text}{metadata}{head} & (Norm == 'ALB-1')\n")
        found = check([source], words, whole=False)
        assert isinstance(found, Diagnostics)
        assert [one.message.split("`")[1] for one in found] == still, render(found, [source])


def test_a_clause_that_cannot_be_read_does_not_make_a_norm_look_half(words: Vocabulary) -> None:
    text = (HERE / "bad" / "norm_half.dl").read_text(encoding="utf-8") + "\n+ (\n"
    found = check([SourceText("a.dl", text)], words, whole=False)
    assert isinstance(found, Diagnostics)
    assert [one.code for one in found] == ["parenthesis"]


@pytest.mark.parametrize(("number", "fits"), [(3, False), (4, True), (6, True), (7, False)])
def test_both_ends_of_a_range_are_in_it(number: int, fits: bool, words: Vocabulary) -> None:
    domains = {**words.domains, "leeftijd": replace(words.domains["leeftijd"], minimum=4, maximum=6)}
    source = SourceText("a.dl", f"+ termijn('school', {number})")
    assert isinstance(check([source], replace(words, domains=domains), whole=False), Program) is fits


def test_faults_of_all_files_are_reported_at_once_in_order_of_files(words: Vocabulary) -> None:
    sources = [SourceText("b.dl", "jong(Casus) <= fout(Casus)"), SourceText("a.dl", "+ termijn('x', 1)\n+ (\n")]
    found = check(sources, words)
    assert isinstance(found, Diagnostics)
    assert [(one.span.file, one.span.line, one.code) for one in found] == [
        ("b.dl", 1, "metadata"),
        ("b.dl", 1, "undeclared"),
        ("a.dl", 1, "value"),
        ("a.dl", 2, "parenthesis"),
    ]
