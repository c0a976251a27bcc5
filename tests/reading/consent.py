"""Consent of one flow: who decides, what was refused, and whether a recorded consent is valid (TST-1).

Goes in: a `Flow`. Comes out: three-valued answers.
"""

from __future__ import annotations

from tests.reading.definitions import from_age, younger_than
from tests.reading.kleene import UNKNOWN, Kleene, all_of, any_in, any_of, known, not_
from tests.reading.situation import Case, Flow, Json
from tests.reading.words import GEVOELIG, ZORG

REQUIREMENTS = ("gegeven", "vrij", "geinformeerd", "ondubbelzinnig")
SELF, REPRESENTATIVE = "jongere", "wettelijk_vertegenwoordiger"


def represented(case: Case) -> Kleene:
    """Whether a wettelijk vertegenwoordiger decides: under 16, or when vertegenwoordigd."""
    return any_of(younger_than(case, 16), case.asserts("vertegenwoordigd"))


def decided_by(entry: Json, who: str) -> Kleene:
    """Whether someone decided on this entry; not said is open."""
    said = entry.get("door")
    return known(None if said is None else said == who)


def refused(flow: Flow) -> Kleene:
    """A refusal or withdrawal for this flow; it counts unless it is known to be by a representative without a say."""
    without_say = not_(represented(flow.case))
    return any_in(
        all_of(
            any_of(not_(known(entry.get("gegeven"))), known(bool(entry.get("ingetrokken")))),
            not_(all_of(known(entry.get("door") == REPRESENTATIVE), without_say)),
        )
        for entry in flow.toestemmingen
    )


def requirements_met(flow: Flow, entry: Json) -> Kleene:
    """Whether an entry meets what consent asks, whoever gave it."""
    explicit = any_of(not_(flow.is_or_holds(GEVOELIG)), known(entry.get("uitdrukkelijk")))
    met = [known(entry.get(one)) for one in REQUIREMENTS]
    return all_of(*met, not_(known(bool(entry.get("ingetrokken")))), explicit)


def given_by(flow: Flow, who: str) -> Kleene:
    """Whether some recorded entry is valid consent by this person."""
    return any_in(all_of(requirements_met(flow, entry), decided_by(entry, who)) for entry in flow.toestemmingen)


def recorded_by(flow: Flow, who: str) -> Kleene:
    """Whether anything by this person is recorded."""
    return any_in(decided_by(entry, who) for entry in flow.toestemmingen)


def can_be_asked(recorded: Kleene) -> Kleene:
    """Consent that is not recorded can always still be asked, and is not known before."""
    return all_of(not_(recorded), UNKNOWN)


def by_who_may_decide(flow: Flow) -> Kleene:
    """Valid consent by the jongere from 16 on, else (and when vertegenwoordigd) by who represents."""
    if not flow.toestemmingen:
        return UNKNOWN
    other = represented(flow.case)
    return any_of(all_of(not_(other), given_by(flow, SELF)), all_of(other, given_by(flow, REPRESENTATIVE)))


def with_own_consent(flow: Flow) -> Kleene:
    """From 12 to 16 a care giver needs both: of who represents and of the jongere."""
    both = all_of(
        any_of(given_by(flow, REPRESENTATIVE), can_be_asked(recorded_by(flow, REPRESENTATIVE))),
        any_of(given_by(flow, SELF), can_be_asked(recorded_by(flow, SELF))),
    )
    between = all_of(from_age(flow.case, 12), younger_than(flow.case, 16))
    return any_of(all_of(between, both), all_of(not_(between), by_who_may_decide(flow)))


def consent(flow: Flow) -> Kleene:
    """TST-1 but for what the law forbids: valid consent for exactly this flow, and no refusal."""
    given = with_own_consent(flow) if flow.verstrekker in ZORG else by_who_may_decide(flow)
    return all_of(not_(refused(flow)), given)
