"""The answer: what may be shared, on which ground, and why.

Goes in: what the judge and its neighbours found. Comes out: frozen records whose names are the
JSON names of the contract, and `as_json`, which makes plain dictionaries of them.
Must not know: how anything was decided, or that HTTP exists.

Dates in these records are ISO text ("2026-07-11"); an absent value is None.
"""

from __future__ import annotations

from dataclasses import field, fields
from types import NoneType, UnionType
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from app.record import record

Json = Any
"""Whatever `json.dumps` can write: the shape follows from the record that was turned into it."""

ABSENT = "absent"
"""In a field's metadata: it is left out of the JSON when it is None."""
Status = Literal["voldaan", "niet_voldaan", "open"]
STATUS_WORDS: Final[tuple[Status, Status, Status, Status]] = ("niet_voldaan", "open", "open", "voldaan")
"""The words for impossible (0), possible (1) and certain (3)."""
Soort = Literal["feit", "handeling"]
GeldigTotReden = Literal["leeftijd", "schooljaar", "termijn", "wetswijziging", "verjaardag_onbekend"]
WachtOp = Literal["feit", "handeling", "afweging", "toestemming"]


@record
class Bron:
    """One place in a legal source, with a link where there is one."""

    titel: str
    artikel: str
    url: str | None = None
    juriconnect: str | None = None


@record
class Bereik:
    """An interval of accepted numbers or (ISO) dates, both ends included; None is no limit."""

    vanaf: int | str | None = None
    tot: int | str | None = None


@record
class Ontbrekend:
    """One open fact whose favourable answer helps to make a flow permitted.

    `feit` is the place in the question's JSON. `gunstig` lists the accepted values; where the place
    is itself a list (mandaten, toestemmingen, overgangsdocument.inhoud) it lists the entries to add.
    """

    feit: str
    soort: Soort
    gunstig: tuple[Json, ...] | Bereik
    vraag: str


@record
class Grondslag:
    """A ground all of whose four steps are met."""

    grondslag: str
    avg: str | None
    norm: str
    bronnen: tuple[Bron, ...]


@record
class NormWeg:
    """The way to permit a flow on one norm: with these answers its four steps are met.

    `uitzonderlijk`: the norm is closed only because an exception was not asserted; the answers assert it.
    """

    norm: str
    grondslag: str
    status: Literal["voldaan", "open"]
    ontbrekend: tuple[Ontbrekend, ...]
    uitzonderlijk: bool


@record
class Stap:
    """One of the four steps, for the norm of the first way, or else the norm that the question is about."""

    stap: int
    naam: str
    status: Status
    toelichting: str
    velden: tuple[str, ...] = ()


@record
class Alternatief:
    """Another item or another way to the same end; exactly one of the two is filled."""

    gegeven: str | None = field(default=None, kw_only=True, metadata={ABSENT: True})
    route: str | None = field(default=None, kw_only=True, metadata={ABSENT: True})
    toelichting: str


@record
class Kanttekening:
    """A reservation a jurist would make."""

    kanttekening: str
    toelichting: str


@record
class VoorDeJongere:
    """The text that the professional can tell or hand to the young person, and the rights it names."""

    tekst: str
    rechten: tuple[str, ...]


@record
class DelingVraag:
    """The flow that was asked about, reduced to one item."""

    verstrekker: str
    ontvanger: str
    gegeven: str
    doel: str


@record
class Geldigheid:
    """From when to when a rule is law: first and last day, None where there is no limit."""

    vanaf: str | None = None
    tot: str | None = None


@record
class Bewijs:
    """A node of a proof: the fact in words, the rule that gives it, and what that rests on.

    `norm` is None for a fact the caller stated and for a fact of the vocabulary.
    """

    feit: str
    uitleg: str
    norm: str | None = None
    bronnen: tuple[Bron, ...] = ()
    geldigheid: Geldigheid | None = None
    premissen: tuple[Bewijs, ...] = ()
    velden: tuple[str, ...] = ()


@record
class Voorwaarde:
    """A condition in words with its status, and for a derived one the ways in which it could hold."""

    feit: str
    status: Status
    uitleg: str = ""
    wegen: tuple[Weg, ...] = ()
    velden: tuple[str, ...] = ()


@record
class Weg:
    """One rule that could give a condition, with the conditions of its own."""

    norm: str
    bronnen: tuple[Bron, ...]
    geldigheid: Geldigheid
    voorwaarden: tuple[Voorwaarde, ...]


@record
class NormUitleg:
    """Why a candidate norm does not (yet) permit: its four steps as conditions."""

    norm: str
    titel: str
    grondslag: str
    status: Status
    stappen: tuple[Voorwaarde, ...]


@record
class Wettekst:
    """The official text of an article or a lid on the peildatum, and since when the law has this text."""

    titel: str
    artikel: str
    juriconnect: str
    tekst: str
    vanaf: str


@record
class Afleiding:
    """Everything behind an advice: the proofs of what permits, and per other norm why it does not.

    `teksten`: of the articles that these rest on the official text, where the operator keeps those.
    """

    bewijs: tuple[Bewijs, ...]
    waarom_niet: tuple[NormUitleg, ...]
    teksten: tuple[Wettekst, ...] | None = field(default=None, metadata={ABSENT: True})


@record
class Kantelpunt:
    """A field of the question with another value than it has, and the oordeel that this gives.

    `veld` is the place in the question's JSON, and `waarde` what would stand there.
    """

    veld: str
    waarde: bool | str
    oordeel: str


@record
class DelingAdvies:
    """The advice about one flow of one item."""

    deling: DelingVraag
    oordeel: str
    samenvatting: str
    grondslagen: tuple[Grondslag, ...]
    wegen: tuple[NormWeg, ...]
    wacht_op: WachtOp | None
    stappen: tuple[Stap, ...]
    ontbrekend: tuple[Ontbrekend, ...]
    verplichtingen: tuple[str, ...]
    voor_de_jongere: VoorDeJongere | None
    alternatieven: tuple[Alternatief, ...]
    kanttekeningen: tuple[Kanttekening, ...]
    geldig_tot: str | None
    geldig_tot_reden: GeldigTotReden | None
    toelichting: str
    kantelpunten: tuple[Kantelpunt, ...] | None = field(default=None, metadata={ABSENT: True})
    afleiding: Afleiding | None = field(default=None, metadata={ABSENT: True})


@record
class Stroom:
    """Flows of several items that share everything else, when nothing was proposed."""

    norm: str
    grondslag: str
    verstrekker: str
    ontvanger: str
    doel: str
    gegevens: tuple[str, ...]
    oordeel: str
    ontbrekend: tuple[Ontbrekend, ...]
    wacht_op: WachtOp | None
    geldig_tot: str | None


@record
class Taak:
    """A task that certainly rests on, or may certainly be done by, a party."""

    partij: str
    taak: str
    aard: str
    tot: str | None
    bronnen: tuple[Bron, ...]


@record
class Loopbaanbegeleiding:
    """Whether the school must or may offer extra career guidance, and the last day of it."""

    aanbod: str
    tot: str | None


@record
class JongereBeeld:
    """What follows about the young person; "onbekend" where that is open."""

    leeftijd: int | None
    voortijdig_schoolverlater: Literal["ja", "nee", "onbekend"]
    loopbaanbegeleiding: Loopbaanbegeleiding
    rol_doorstroompunt: str


@record
class Beleid:
    """Which rules and facts decided."""

    versie: str
    hash: str


@record
class Advies:
    """The answer to one casus.

    `id` is None and `voorlopig` true of a trial, which nobody may act on. `stromen`: where no delingen were proposed,
    or where they are asked for.
    """

    id: str | None
    voorlopig: bool | None = field(default=None, kw_only=True, metadata={ABSENT: True})
    kenmerk: str | None
    peildatum: str
    beleid: Beleid
    jongere: JongereBeeld
    taken: tuple[Taak, ...]
    adviezen: tuple[DelingAdvies, ...]
    stromen: tuple[Stroom, ...] | None = field(default=None, metadata={ABSENT: True})


@record
class Strijdigheid:
    """Facts of one casus that contradict each other: the fields, and what is wrong, in words."""

    code: str
    velden: tuple[str, ...]
    uitleg: str


@record
class Contradiction:
    """No advice, because the facts contradict each other."""

    strijdigheden: tuple[Strijdigheid, ...]


@record
class _Place:
    """A field of a record: whether it can stand in JSON as it is, and is left out when absent."""

    name: str
    plain: bool
    may_be_absent: bool


_SHAPE: dict[type, tuple[_Place, ...]] = {}


def as_json(value: Json) -> Json:
    """Turn a record (or a tuple of them) into plain dictionaries and lists, fit for `json.dumps`.

    What is declared `ABSENT` is left out when it is None; every other absent value is null.

    >>> as_json(Bereik(vanaf=16))
    {'vanaf': 16, 'tot': None}
    """
    kind = type(value)
    if kind is str or kind is int or value is None or kind is bool or kind is dict:
        return value
    if kind is tuple or kind is list:
        return [as_json(item) for item in value]
    result = {}
    for place in _SHAPE.get(kind) or _shape(kind):
        item = getattr(value, place.name)
        if item is not None or not place.may_be_absent:
            result[place.name] = item if place.plain else as_json(item)
    return result


def _shape(kind: type) -> tuple[_Place, ...]:
    """Take a kind of record apart, once."""
    hints = get_type_hints(kind)
    found = tuple(_Place(f.name, _is_plain(hints[f.name]), ABSENT in f.metadata) for f in fields(kind))
    _SHAPE[kind] = found
    return found


def _is_plain(hint: object) -> bool:
    """Whether all values of a type can stand in JSON as they are: words, numbers and None."""
    if get_origin(hint) is Literal:
        return True
    if isinstance(hint, UnionType):
        return all(_is_plain(one) for one in get_args(hint))
    return hint in (str, int, NoneType)
