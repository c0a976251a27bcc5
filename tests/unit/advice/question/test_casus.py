"""A question as facts, and the places of its open facts."""

from __future__ import annotations

from app.advice.advies import Bereik, Ontbrekend
from app.advice.question.casus import flatten
from app.advice.question.facts import to_facts
from app.advice.question.form import form_of
from app.advice.question.open_fields import OpenFields, fill
from app.kern.accepted import Choice, Entries, Interval
from tests.unit.advice.small_law import casus, deling, small_vocabulary


def test_said_is_known_and_unsaid_is_unknown() -> None:
    asked = casus(jongere={"leeftijd": 18, "startkwalificatie": False, "uitstroom": "2025-07-11"})
    facts = to_facts(asked, small_vocabulary())
    assert facts.known["peildatum"] == (("c", 20260301),)
    assert facts.known["leeftijd"] == (("c", 18),)
    assert facts.known["startkwalificatie"] == (("c", "nee"),)
    assert facts.known["uitstroom"] == (("c", 20250711),)
    assert facts.unknown["akkoord"] == ("c",)
    assert facts.unknown["mandaat"] == ("c",)
    assert "leeftijd" not in facts.unknown
    assert "geboortedatum" not in facts.unknown, "closed: absent is not so"


def test_a_list_that_is_present_is_the_whole_list() -> None:
    facts = to_facts(casus(mandaten=[], document={"inhoud": ["naam"]}), small_vocabulary())
    assert facts.known["mandaat"] == ()
    assert facts.known["inhoud"] == (("c", "naam"),)
    assert "mandaat" not in facts.unknown


def test_every_item_of_a_deling_is_a_flow_with_its_own_weighing() -> None:
    asked = casus(
        20260301,
        deling(weighed=False, gegevens=["naam", "cijfers", "naam"], afweging={"gegevens": {"naam": "handig"}}),
        deling("ziekte"),
    )
    flows = flatten(asked)
    assert [(flow.key, flow.index, flow.gegeven) for flow in flows] == [
        ("c.d0", 0, "naam"),
        ("c.d1", 0, "cijfers"),
        ("c.d2", 0, "naam"),
        ("c.d3", 1, "ziekte"),
    ]
    facts = to_facts(asked, small_vocabulary())
    assert facts.known["deling"][1] == ("c", "c.d1", "school", "gemeente", "cijfers", "hulp")
    assert facts.known["noodzaak"] == (("c.d0", "handig"), ("c.d2", "handig"), ("c.d3", "noodzakelijk"))
    assert facts.unknown["noodzaak"] == ("c.d1",)
    assert facts.unknown["nieuwe"] == ("c.d0", "c.d1", "c.d2", "c.d3")


def test_a_recorded_consent_has_a_key_and_a_row_per_item() -> None:
    given = {"verstrekker": "school", "ontvanger": "gemeente", "gegevens": ["naam", "cijfers"], "doel": "hulp"}
    facts = to_facts(casus(toestemmingen=[{**given, "gegeven": True}]), small_vocabulary(), "x")
    assert facts.known["consent"] == (
        ("x", "x.t0", "school", "gemeente", "naam", "hulp"),
        ("x", "x.t0", "school", "gemeente", "cijfers", "hulp"),
    )
    assert facts.known["gegeven_ja"] == (("x.t0", "ja"),)
    assert facts.unknown["door"] == ("x.t0",)


def test_open_facts_have_a_place_in_the_question() -> None:
    asked = casus(20260301, deling(), deling(weighed=False, gegevens=["naam", "cijfers"]))
    sheet = OpenFields(form_of(small_vocabulary()), flatten(asked))
    assert sheet.path(("leeftijd", "c")) == "jongere.leeftijd"
    assert sheet.path(("noodzaak", "c.d2")) == "delingen[1].afweging.gegevens.cijfers"
    assert sheet.path(("door", "c.t12")) == "toestemmingen[12].door"
    assert sheet.path(("mandaat", "c")) == "mandaten"
    assert sheet.path(("inhoud", "c")) == "document.inhoud"
    assert sheet.path(("nieuwe", "c.d0")) == "toestemmingen"


def test_answers_are_written_in_json_and_acts_come_last() -> None:
    sheet = OpenFields(form_of(small_vocabulary()), flatten(casus()))
    lines = sheet.ontbrekend(
        {
            ("akkoord", "c"): Choice(frozenset({"ja"})),
            ("nieuwe", "c.d0"): Choice(frozenset({"jongere", "ouder"})),
            ("uitstroom", "c"): Interval(20250301, None),
            ("opleiding", "c"): Choice(frozenset({"lang", "kort"})),
            ("inhoud", "c"): Entries(frozenset(), frozenset({("ziekte",)})),
            ("mandaat", "c"): Entries(frozenset({("gemeente", "tussen")}), frozenset()),
        }
    )
    assert [(line.feit, line.soort) for line in lines] == [
        ("jongere.opleiding", "feit"),
        ("jongere.uitstroom", "feit"),
        ("document.inhoud", "feit"),
        ("jongere.akkoord", "handeling"),
        ("mandaten", "handeling"),
        ("toestemmingen", "handeling"),
    ]
    found = {line.feit: line.gunstig for line in lines}
    assert found["jongere.opleiding"] == ("kort", "lang")
    assert found["jongere.uitstroom"] == Bereik("2025-03-01", None)
    assert found["document.inhoud"] == ("naam", "cijfers")
    assert found["jongere.akkoord"] == (True,)
    assert found["mandaten"] == ({"van": "gemeente", "aan": "tussen"},)
    (entry,) = found["toestemmingen"] if isinstance(found["toestemmingen"], tuple) else ()
    assert entry == {
        "verstrekker": "school", "ontvanger": "gemeente", "gegevens": ["naam"], "doel": "hulp",
        "gegeven": True, "door": "jongere",
    }  # fmt: skip


def test_filling_leaves_the_question_itself_alone() -> None:
    asked = casus(jongere={"leeftijd": 18})
    answers = [
        Ontbrekend("jongere.uitstroom", "feit", Bereik("2025-01-01", "2025-02-01"), "?"),
        Ontbrekend("delingen[0].afweging.gegevens.naam", "handeling", ("noodzakelijk",), "?"),
        Ontbrekend("mandaten", "handeling", ({"van": "gemeente", "aan": "tussen"},), "?"),
        Ontbrekend("jongere.opleiding", "feit", ("kort", "lang"), "?"),
    ]
    filled = fill(asked, answers, form_of(small_vocabulary()))
    assert filled.data["jongere"] == {"leeftijd": 18, "uitstroom": "2025-01-01", "opleiding": "kort"}
    assert filled.data["delingen"][0]["afweging"]["gegevens"] == {"naam": "noodzakelijk"}
    assert filled.data["mandaten"] == [{"van": "gemeente", "aan": "tussen"}]
    last = fill(asked, answers, form_of(small_vocabulary()), last=True)
    assert last.data["jongere"]["uitstroom"] == "2025-02-01"
    assert last.data["jongere"]["opleiding"] == "lang"
    assert asked.data["jongere"] == {"leeftijd": 18}
