"""A small law for the tests of the kern: one fact of each kind, flows and recorded consents.

Goes in: rules as text. Comes out: a ground program. Must not know: the real law.
"""

from __future__ import annotations

from app.kern.ground import Ground, ground
from app.lang.diagnostics import Diagnostics
from app.lang.program import Program, SourceText, check
from app.lang.vocabulary import Argument, Domain, Norm, Predicate, Source, Vocabulary

DOMAINS = {
    "zaak": Domain("zaak", "entiteit", "Een zaak.", {}),
    "deling": Domain("deling", "entiteit", "Een deling.", {}),
    "toestemming": Domain("toestemming", "entiteit", "Een toestemming.", {}),
    "kleur": Domain("kleur", "keuze", "Een kleur.", {word: word for word in ("rood", "wit", "blauw")}),
    "partij": Domain("partij", "keuze", "Een partij.", {word: word for word in ("school", "gemeente", "werkgever")}),
    "ja_nee": Domain("ja_nee", "keuze", "Ja of nee.", {"ja": "ja", "nee": "nee"}),
    "jaren": Domain("jaren", "getal", "Jaren.", {}, 0, 120),
}


def predicate(name: str, kind: str, *domains: str, open_: bool = False, single: bool = False) -> Predicate:
    """Declare a predicate."""
    arguments = tuple(Argument(f"A{at}", domain) for at, domain in enumerate(domains))
    return Predicate(
        name,
        arguments,
        kind,  # type: ignore[arg-type]
        open=open_,
        single=single,
        two_valued=name.startswith("v_"),
        sentence=name,
        negated=f"niet {name}",
    )


PREDICATES = (
    predicate("kleur", "invoer", "zaak", "kleur", open_=True, single=True),
    predicate("jaren", "invoer", "zaak", "jaren", open_=True, single=True),
    predicate("gesloten_jaren", "invoer", "zaak", "jaren", single=True),
    predicate("bevat", "invoer", "zaak", "kleur", open_=True),
    predicate("licht", "tabel", "kleur"),
    predicate("publiek", "tabel", "partij"),
    predicate("deling", "invoer", "zaak", "deling", "partij", "partij"),
    predicate("nodig", "invoer", "deling", "ja_nee", open_=True, single=True),
    predicate("toestemming", "invoer", "zaak", "toestemming", "partij", "partij"),
    predicate("gegeven", "invoer", "toestemming", "ja_nee", open_=True, single=True),
    predicate("donker", "uitkomst", "zaak"),
    predicate("mag", "uitkomst", "deling"),
    predicate("ook", "uitkomst", "deling"),
    predicate("genoemd", "uitkomst", "partij"),
)
RULES = """
+ licht('wit')
+ publiek('school')
+ publiek('gemeente')

# norm: N-1
# bron: SD 1
# uitleg: Dit volgt.
donker(Zaak) <= kleur(Zaak, Kleur) & ~licht(Kleur) & jaren(Zaak, Jaren) & (Jaren >= 18)

# norm: N-1
# bron: SD 1
# uitleg: Dit volgt.
mag(Deling) <= deling(Zaak, Deling, Van, Aan) & publiek(Van) & donker(Zaak) & nodig(Deling, 'ja')

# norm: N-1
# bron: SD 1
# uitleg: Dit volgt.
ook(Deling) <= deling(Zaak, Deling, Van, Aan) & toestemming(Zaak, Toestemming, Van, Aan) & gegeven(Toestemming, 'ja')
"""


def small_vocabulary() -> Vocabulary:
    """The words."""
    return Vocabulary(
        domains=DOMAINS,
        predicates={one.name: one for one in PREDICATES},
        fields=(),
        norms={"N-1": Norm("N-1", "Een norm")},
        sources={"SD": Source("SD", "Servicedocument", None, None)},
        interpretaties={},
    )


def small_program(rules: str = RULES) -> Program:
    """The small law, or other rules over its words."""
    found = check([SourceText("klein.dl", rules)], small_vocabulary(), whole=False)
    assert isinstance(found, Program), found
    return found


def small_ground(rules: str = RULES) -> Ground:
    """The small law, ground."""
    found = ground(small_program(rules))
    assert isinstance(found, Ground), found
    return found


def refused(rules: str) -> Diagnostics:
    """What the kern does not understand of rules."""
    found = ground(small_program(rules))
    assert isinstance(found, Diagnostics), "the kern understands these rules"
    return found
