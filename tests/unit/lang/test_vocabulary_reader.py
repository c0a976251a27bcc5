"""The vocabulary's tables: read whole, or refused with every fault named."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from app.lang.diagnostics import Diagnostics
from app.lang.vocabulary import Article, Choice, Domain, InputField, Source, Vocabulary
from app.lang.vocabulary_reader import read_vocabulary


def faults(documents: dict[str, Any]) -> list[str]:
    found = read_vocabulary(documents)
    assert isinstance(found, Diagnostics)
    return [f"{fault.span.file}: {fault.message}" for fault in found]


def test_everything_is_read_in_order(words: Vocabulary) -> None:
    assert list(words.domains) == ["casus", "partij", "ja_nee", "leeftijd", "datum", "grond", "stapnummer", "norm"]
    assert words.domains["leeftijd"] == Domain("leeftijd", "getal", "Hele jaren.", {}, 0, 120)
    leeftijd = words.predicates["leeftijd"]
    assert (leeftijd.kind, leeftijd.open, leeftijd.single, leeftijd.clock) == ("invoer", True, True, "leeftijd")
    assert leeftijd.sides == ("zeker", "mogelijk")
    assert words.predicates["oordeel"].two_valued
    assert words.predicates["startkwalificatie"].sentences == {
        "ja": "heeft een startkwalificatie",
        "nee": "heeft er geen",
    }
    assert words.fields[0] == InputField(
        "jongere.leeftijd", "leeftijd", "leeftijd", (), False, False, "Hoe oud?", "Leeftijd."
    )
    assert words.sources["WEB"] == Source("WEB", "Wet educatie en beroepsonderwijs", "BWBR0007625", None)
    assert words.interpretaties == {"I-1": "Een keuze."}


def test_words_and_fields_may_have_a_short_name(documents: dict[str, Any]) -> None:
    first = next(iter(documents["domeinen"]["partij"]["waarden"]))
    documents["domeinen"]["partij"]["kort"] = {first: "Kort"}
    documents["casus"]["jongere.leeftijd"]["kort"] = "Leeftijd"
    found = read_vocabulary(documents)
    assert isinstance(found, Vocabulary)
    assert found.domains["partij"].short == {first: "Kort"}
    assert found.fields[0].short == "Leeftijd"


HASH = "sha256:" + "0" * 64


def test_a_source_says_what_its_articles_say(documents: dict[str, Any]) -> None:
    day = datetime.date(2026, 1, 1)
    documents["bronnen"]["WEB"]["artikelen"] = {
        "9.2.5": {"inhoud": "De gemeente helpt.", "zekerheid": "gelezen", "gelezen_op": day, "tekst_hash": HASH},
        "9.2.5 lid 3": {"inhoud": "Als het noodzakelijk is.", "zekerheid": "afgeleid"},
    }
    found = read_vocabulary(documents)
    assert isinstance(found, Vocabulary)
    web = found.sources["WEB"]
    whole = Article("9.2.5", "De gemeente helpt.", "gelezen", 20260101, HASH)
    assert web.article("9.2.5") == web.article("9.2.5 lid 4") == web.article("9.2.5, onder a") == whole
    assert web.article("9.2.5 lid 3") == Article("9.2.5 lid 3", "Als het noodzakelijk is.", "afgeleid")
    assert web.article("9.2.7") is None


@pytest.mark.parametrize(
    ("article", "fault"),
    [
        ({"inhoud": None}, "inhoud: is missing"),
        ({"zekerheid": None}, "zekerheid: is missing"),
        ({"zekerheid": "zeker"}, "zekerheid: `zeker` is not known"),
        ({"gelezen_op": "2026-01-01"}, "gelezen_op: is not a date"),
        ({"tekst_hash": "0" * 64}, "tekst_hash: is not a hash"),
        ({"gelezen": True}, "gelezen: is not a key here"),
    ],
)
def test_an_article_with_a_fault_is_refused(documents: dict[str, Any], article: dict[str, Any], fault: str) -> None:
    good = {"inhoud": "Iets.", "zekerheid": "gelezen"}
    said = {name: value for name, value in {**good, **article}.items() if value is not None}
    documents["bronnen"]["WEB"]["artikelen"] = {"9.2.5": said}
    assert any(f"bronnen.toml: [WEB.artikelen.9.2.5] {fault}" in one for one in faults(documents))


def test_articles_are_tables(documents: dict[str, Any]) -> None:
    documents["bronnen"]["WEB"]["artikelen"] = {"9.2.5": "De gemeente helpt."}
    assert faults(documents) == ["bronnen.toml: [WEB] artikelen: is not a table of tables"]


def test_an_interpretation_says_apart_what_was_chosen_and_why(documents: dict[str, Any]) -> None:
    assert _read(documents).choices == {"I-1": Choice("Een keuze.", "")}, "as the editions of before"
    documents["interpretaties"]["I-1"] |= {"keuze": "Dit.", "waarom": "Daarom."}
    assert _read(documents).choices == {"I-1": Choice("Dit.", "Daarom.")}


def _read(documents: dict[str, Any]) -> Vocabulary:
    found = read_vocabulary(documents)
    assert isinstance(found, Vocabulary)
    return found


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"vraag_als": {"ja": "Wie?"}}, "vraag_als: stands without the other key"),
        ({"vraag_als_hangt_af_van": "leeftijd"}, "vraag_als: stands without the other key"),
        (
            {"vraag_als": {"ja": "Wie?"}, "vraag_als_hangt_af_van": "oordeel"},
            "vraag_als_hangt_af_van: `oordeel` is not input with one value",
        ),
        (
            {"vraag_als": {"soms": "Wie?"}, "vraag_als_hangt_af_van": "startkwalificatie"},
            "vraag_als: `soms` is no word of `startkwalificatie`",
        ),
    ],
)
def test_a_question_per_word_names_a_fact_and_its_words(
    documents: dict[str, Any], said: dict[str, Any], fault: str
) -> None:
    documents["casus"]["jongere.leeftijd"] |= said
    assert faults(documents) == [f"casus.toml: [jongere.leeftijd] {fault}"]


def test_the_norms_are_a_domain(words: Vocabulary) -> None:
    assert words.domains["norm"].labels == {
        "VSV-1": "Schoolverlaters",
        "ALB-1": "Loopbaanbegeleiding",
        "VBD-1": "Een voorbeeld",
    }


def test_names_with_toml_are_read_too(documents: dict[str, Any], words: Vocabulary) -> None:
    assert read_vocabulary({f"{name}.toml": one for name, one in documents.items()}) == words


def test_one_side_is_kept_alone(documents: dict[str, Any]) -> None:
    documents["predicaten"]["mag"]["kanten"] = ["zeker"]
    found = read_vocabulary(documents)
    assert isinstance(found, Vocabulary)
    assert found.predicates["mag"].sides == ("zeker",)


def test_a_missing_file_is_named(documents: dict[str, Any]) -> None:
    del documents["interpretaties"]
    assert faults(documents) == ["interpretaties.toml: this file is missing"]


BROKEN: list[tuple[str, str, dict[str, Any], str]] = [
    ("domeinen", "partij", {"soort": "keus"}, "[partij] soort: `keus` is not known"),
    ("domeinen", "partij", {"soort": None}, "[partij] soort: is missing"),
    ("domeinen", "partij", {"waarden": {}}, "[partij] waarden: a `keuze` has values, and nothing else has"),
    ("domeinen", "partij", {"waarden": {"de school": "x"}}, "[partij] waarden: `de school` is not a word"),
    ("domeinen", "partij", {"waarden": {"school": 3}}, "[partij] waarden: is not a table of texts"),
    ("domeinen", "partij", {"kort": {"schol": "S"}}, "[partij] kort: `schol` is not one of the values"),
    (
        "domeinen",
        "partij",
        {"aan_jongere": {"schol": "je S"}},
        "[partij] aan_jongere: `schol` is not one of the values",
    ),
    ("domeinen", "leeftijd", {"minimum": 200}, "[leeftijd] minimum: is more than the maximum"),
    ("domeinen", "leeftijd", {"minimum": "1"}, "[leeftijd] minimum: is not a whole number"),
    ("domeinen", "leeftijd", {"maximum": True}, "[leeftijd] maximum: is not a whole number"),
    ("domeinen", "leeftijd", {"omschrijving": ""}, "[leeftijd] omschrijving: is missing"),
    ("domeinen", "leeftijd", {"omschrijving": "a\nb"}, "[leeftijd] omschrijving: is not a text on one line"),
    ("domeinen", "leeftijd", {"maximun": 3}, "[leeftijd] maximun: is not a key here"),
    ("domeinen", "norm", {"soort": "datum", "omschrijving": "x"}, "[norm]: is not a name for a domain"),
    (
        "predicaten",
        "zeker_weten",
        {"argumenten": ["Casus casus"], "soort": "afgeleid"},
        "[zeker_weten]: a name may not",
    ),
    ("predicaten", "is", {"argumenten": ["Casus casus"], "soort": "afgeleid"}, "[is]: is not a name for a predicate"),
    ("predicaten", "mag", {"soort": "uitkomt"}, "[mag] soort: `uitkomt` is not known"),
    ("predicaten", "mag", {"argumenten": []}, "[mag] argumenten: are missing"),
    ("predicaten", "mag", {"argumenten": "Casus casus"}, "[mag] argumenten: is not a list of texts"),
    ("predicaten", "mag", {"argumenten": ["casus"]}, "[mag] argumenten: `casus` is not an argument"),
    ("predicaten", "mag", {"argumenten": ["Casus kasus"]}, "[mag] argumenten: domain `kasus` is not declared"),
    ("predicaten", "jong", {"argumenten": ["A casus", "A partij"]}, "[jong] argumenten: `A` is there twice"),
    ("predicaten", "jong", {"open": True}, "[jong] open: only input can be open"),
    ("predicaten", "jong", {"open": "ja"}, "[jong] open: is not true or false"),
    ("predicaten", "jong", {"enkelvoudig": True}, "[jong] enkelvoudig: needs a key and a value"),
    ("predicaten", "jong", {"klok": "leeftijd"}, "[jong] klok: only input can be a clock"),
    ("predicaten", "jong", {"kanten": ["misschien"]}, "[jong] kanten: `misschien` is not a side"),
    ("predicaten", "jong", {"zin": "{Zaak}"}, "[jong] zin: `{Zaak}` is not an argument"),
    ("predicaten", "jong", {"onbekend": "of {Zaak} jong is"}, "[jong] onbekend: `{Zaak}` is not an argument"),
    ("predicaten", "bij", {"tweewaardig": True}, "[bij] tweewaardig: only a derived predicate can be two-valued"),
    ("predicaten", "mag", {"zinnen": {"schol": "x"}}, "[mag] zinnen: `schol` is not a value of `partij`"),
    (
        "predicaten",
        "leeftijd",
        {"argumenten": ["Casus casus", "Ander casus"]},
        "[leeftijd] open: `casus` has no values to choose from",
    ),
    ("casus", "partijen[]", {"predicaat": "mandaat"}, "[partijen[]] argumenten: `mandaat` has 3 arguments, not 2"),
    ("casus", "partijen[]", {"predicaat": None}, "[bij] soort: is input, but no field of the question gives it"),
    ("casus", "kenmerk", {"domein": "teksten"}, "[kenmerk] domein: `teksten` is not declared"),
    ("casus", "kenmerk", {"predicaat": "leeftijdd"}, "[kenmerk] predicaat: `leeftijdd` is not declared"),
    ("casus", "jongere.leeftijd", {"predicaat": "mag"}, "[jongere.leeftijd] predicaat: `mag` is not input"),
    ("casus", "jongere.leeftijd", {"vraag": ""}, "[jongere.leeftijd] vraag: is missing"),
    ("casus", "jongere.leeftijd", {"domein": "datum"}, "[jongere.leeftijd] domein: `datum` is not the domain"),
    (
        "casus",
        "jongere.leeftijd",
        {"argumenten": ["casus"]},
        "[jongere.leeftijd] argumenten: `leeftijd` has 2 arguments",
    ),
    ("normen", "VSV-1", {"titel": 3}, "[VSV-1] titel: is not a text on one line"),
    ("bronnen", "SD", {"titel": None}, "[SD] titel: is missing"),
    ("interpretaties", "I-1", {"tekst": ""}, "[I-1] tekst: is missing"),
]


@pytest.mark.parametrize(("file", "key", "change", "message"), BROKEN, ids=lambda one: str(one)[:40])
def test_a_fault_names_file_and_key(
    file: str, key: str, change: dict[str, Any], message: str, documents: dict[str, Any]
) -> None:
    table = documents[file].setdefault(key, {})
    for name, value in change.items():
        if value is None:
            del table[name]
        else:
            table[name] = value
    found = faults(documents)
    assert any(one.partition(": ")[2].startswith(message) for one in found), found


def test_a_value_outside_any_table_is_named(documents: dict[str, Any]) -> None:
    documents["normen"]["titel"] = "los"
    assert faults(documents) == ["normen.toml: titel: stands outside any table"]


def test_all_faults_come_at_once_in_order_of_files(documents: dict[str, Any]) -> None:
    documents["bronnen"]["SD"]["titel"] = ""
    documents["domeinen"]["datum"]["soort"] = "dag"
    documents["predicaten"]["mag"]["opne"] = True
    files = [one.split(":")[0].removesuffix(".toml") for one in faults(documents)]
    assert list(dict.fromkeys(files)) == ["domeinen", "predicaten", "bronnen"]
