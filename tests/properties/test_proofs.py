"""The proofs over all cases: they hold of the law, and each finds a law that was broken on purpose.

Goes in: the law, and copies of it with one rule changed. Comes out: nothing found in the law; in each copy a question
that both engines decide as the finding says.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from app.advice.advisor import Advisor
from app.advice.red_lines import RedLineCrossed
from app.analysis.proofs import ONE, STAYS, TOTAL, Finding, Proof, prove
from app.analysis.witness import Witness, confirmed
from app.cli_proof import laws
from app.kern.engines import NAMES, engine_named
from app.store.policies import read_policies
from app.store.policy_book import PolicyBook
from app.web.question import QuestionReader
from tests.properties.real_law import FACTS, POLICIES, real_law

OLD, NEW = 2025_12_31, 2026_01_01
"""A day of each law."""
BROKEN = {
    # line or property: (day, file, text, text instead); the quickest first
    "gevoelig_in_nood_met_keus": (
        OLD,
        "algemeen/grondslagen.dl",
        "    & gegeven(Deling, Gegeven)\n    & ~gevoelige_deling(Deling)\n",
        "    & gegeven(Deling, Gegeven)\n",
    ),
    "gevoelig_op_gewone_grondslag": (
        NEW,
        "nieuw/monitoring.dl",
        "+ doel_inkomen('vangnet_monitoring')\n",
        "+ doel_inkomen('vangnet_monitoring')\n+ uitwisselbaar('etniciteit')\n",
    ),
    "gevoelig_zonder_uitdrukkelijke_toestemming": (
        OLD,
        "algemeen/toestemming.dl",
        "    & gegeven(Deling, Gegeven)\n    & ~gevoelige_deling(Deling)\n",
        "    & gegeven(Deling, Gegeven)\n",
    ),
    "publiek_naar_werkgever": (
        NEW,
        "nieuw/schoolverlaters.dl",
        "+ voorkomt_samen('school', 'doorstroompunt')\n",
        "+ voorkomt_samen('school', 'doorstroompunt')\n+ voorkomt_samen('school', 'werkgever')\n",
    ),
    "geweigerde_toestemming": (
        OLD,
        "algemeen/toestemming.dl",
        "beslisser_gaf_toestemming(Deling) & ~geweigerd(Deling)\n",
        "beslisser_gaf_toestemming(Deling)\n",
    ),
    "bsn_zonder_wet": (
        OLD,
        "algemeen/grondslagen.dl",
        "    & ~bevat_bsn(Deling)\n",
        "",
    ),
    "publiek_gerechtvaardigd_belang": (
        OLD,
        "algemeen/grondslagen.dl",
        "    & kan_belang_afwegen(Verstrekker)\n    & ~overheidsorganisatie(Verstrekker)\n",
        "",
    ),
    "gezondheid_voor_bijstand": (
        OLD,
        "algemeen/stappen.dl",
        "    & noodzaak(Deling, 'noodzakelijk')\n    & ~buiten_proportie(Deling)\n",
        "    & noodzaak(Deling, 'noodzakelijk')\n",
    ),
    "doorstroompunt_geeft_door": (
        NEW,
        "nieuw/toestemming.dl",
        "    & (Doel != 'noodsituatie')\n",
        "    & (Doel != 'begeleiding_naar_werk')\n",
    ),
    "alleen_handig": (OLD, "algemeen/stappen.dl", "noodzaak(Deling, 'noodzakelijk')", "noodzaak(Deling, 'handig')"),
    "minder_ingrijpende_weg": (
        OLD,
        "algemeen/stappen.dl",
        "andere_weg(Deling, 'geen')",
        "andere_weg(Deling, 'ouders')",
    ),
    "gemeente_zonder_instemming": (
        NEW,
        "nieuw/schoolverlaters.dl",
        "instemming_nodig(Deling) <= ontvanger(Deling, 'gemeente_participatie')\n",
        "instemming_nodig(Deling) <= ontvanger(Deling, 'doorstroompunt')\n",
    ),
    "inkomen_van_wie_naar_school_moet": (
        NEW,
        "nieuw/schoolverlaters.dl",
        "inkomen_in_orde(Deling) <= bij(Deling, Casus) & ~leer_of_kwalificatieplichtig(Casus)\n",
        "inkomen_in_orde(Deling) <= bij(Deling, Casus)\n",
    ),
    "te_oud_voor_norm": (
        OLD,
        "oud/oud.dl",
        "    & (Jaren < 23)\n    & lang_verzuim",
        "    & (Jaren < 24)\n    & lang_verzuim",
    ),
    TOTAL: (
        OLD,
        "algemeen/oordeel.dl",
        "    & ~kan_mogen(Deling)\n",
        "    & ~kan_mogen(Deling)\n    & mag_zeker(Deling)\n",
    ),
    ONE: (
        OLD,
        "algemeen/oordeel.dl",
        "    & zonder_toestemming_mogelijk(Deling)\n    & ~mag_zeker(Deling)\n",
        "    & kan_mogen(Deling)\n",
    ),
    # Facts that contradict each other are let in: a diploma that gives a startkwalificatie, and none.
    STAYS: (
        OLD,
        "algemeen/stappen.dl",
        "    startkwalificatie(Casus, 'nee')\n    & diploma_behaald(Casus, 'ja')\n",
        "    startkwalificatie(Casus, 'ja')\n    & diploma_behaald(Casus, 'nee')\n",
    ),
}


def proof_of(book: PolicyBook, day: int) -> Proof:
    """Prove the law of a day."""
    days = next(days for days in laws(book) if days[0] <= day <= days[1])
    proof = prove(book.on(day).program, days)
    assert isinstance(proof, Proof)
    return proof


def some_quick(codes: Iterable[str], quick: int = 1) -> list[Any]:
    """The first codes as they are, the others marked slow."""
    return [code if at < quick else pytest.param(code, marks=pytest.mark.slow) for at, code in enumerate(codes)]


@pytest.mark.slow  # `make check` proves the same on the command line
@pytest.mark.parametrize("day", [OLD, NEW])
def test_everything_holds_of_the_law(day: int) -> None:
    proof = proof_of(real_law().book, day)
    assert [finding.code for finding in proof.findings if not finding.holds] == []
    lines = real_law().vocabulary.domains["rode_lijn"].values
    assert [finding.code for finding in proof.findings] == [TOTAL, ONE, STAYS, *lines]
    assert proof.signatures == 18 * 17 * 26 * 17
    assert proof.cases > 10**35


def test_every_line_and_property_is_broken_once() -> None:
    assert set(BROKEN) == {TOTAL, ONE, STAYS, *real_law().vocabulary.domains["rode_lijn"].values}


@pytest.mark.parametrize("code", some_quick(BROKEN))
def test_a_broken_rule_is_found_with_a_question_that_both_engines_confirm(code: str, tmp_path: Path) -> None:
    day, file, text, instead = BROKEN[code]
    shutil.copytree(POLICIES, tmp_path / "policies")
    path = tmp_path / "policies" / file
    before = path.read_text(encoding="utf-8")
    assert text in before
    path.write_text(before.replace(text, instead, 1), encoding="utf-8")
    books = [PolicyBook(read_policies(FACTS, tmp_path / "policies"), engine_named(name)) for name in NAMES]

    finding = next(one for one in proof_of(books[0], day).findings if one.code == code)
    assert not finding.holds
    vocabulary = books[0].policies.vocabulary
    reader = QuestionReader(vocabulary)
    witness = confirmed(finding, vocabulary, books, reader.check)
    assert witness is not None, finding.example
    # At this question the law as it is crosses no line. Of the broken law no answer is given.
    assert _confirmed_by_the_law(finding) is None
    if finding.is_line:
        with pytest.raises(RedLineCrossed, match=code):
            Advisor(books[0]).advise(reader.check(deepcopy(witness.question)))


def _confirmed_by_the_law(finding: Finding) -> Witness | None:
    law = real_law()
    return confirmed(finding, law.vocabulary, [law.book], law.reader.check)
