"""A small vocabulary and programs over it, for tests of the engines.

Goes in: rules as text, without their comments. Comes out: a checked `Program`.
Must not know: engines.
"""

from __future__ import annotations

from app.lang.diagnostics import Diagnostics
from app.lang.program import Program, SourceText, check, render
from app.lang.vocabulary import Argument, Domain, Norm, Predicate, Source, Vocabulary

METADATA = "# norm: N-1\n# bron: SD 1\n# uitleg: Dit volgt.\n"
DOMAINS = (
    Domain("casus", "entiteit", "", {}),
    Domain("deling", "entiteit", "", {}),
    Domain("kleur", "keuze", "", {"rood": "rood", "wit": "wit", "True": "waar"}),
    Domain("ja_nee", "keuze", "", {"ja": "ja", "nee": "nee"}),
    Domain("getal", "getal", "", {}, 0, 99),
)
INPUT = (
    ("deling", "casus deling kleur", "invoer", ""),
    ("jaar", "casus getal", "invoer", ""),
    ("leeftijd", "casus getal", "invoer", "open single"),
    ("geboortejaar", "casus getal", "invoer", "open single"),
    ("wil", "casus ja_nee", "invoer", "open single"),
    ("verf", "casus kleur", "invoer", "open"),
    ("gezien", "casus", "invoer", "open"),
    ("mandaat", "casus kleur kleur", "invoer", "open"),
    ("nodig", "deling ja_nee", "invoer", "open single"),
    ("warm", "kleur", "tabel", ""),
    ("grens", "kleur getal", "tabel", ""),
)


def small_vocabulary(*derived: tuple[str, str, str, str]) -> Vocabulary:
    """All input, and derived predicates given as (name, domains, kind, flags)."""
    predicates = {}
    for name, domains, kind, flags in (*INPUT, *derived):
        arguments = tuple(Argument(f"A{place}", domain) for place, domain in enumerate(domains.split()))
        predicates[name] = Predicate(
            name,
            arguments,
            kind,  # type: ignore[arg-type]
            open="open" in flags,
            single="single" in flags,
            two_valued="two" in flags,
            sides=("zeker",) if "certain" in flags else ("zeker", "mogelijk"),
            sentence=name,
            negated=f"niet {name}",
        )
    return Vocabulary(
        {domain.name: domain for domain in DOMAINS},
        predicates,
        (),
        {"N-1": Norm("N-1", "Een norm")},
        {"SD": Source("SD", "Servicedocument", None, None)},
        {},
    )


def small_program(text: str, *derived: tuple[str, str, str, str]) -> Program:
    """A program of these clauses, one a line."""
    lines = [line.strip() for line in text.strip().splitlines()]
    clauses = "\n".join(line if line.startswith("+") else METADATA + line + "\n" for line in lines if line)
    source = SourceText("klein.dl", clauses)
    program = check([source], small_vocabulary(*derived), whole=False)
    if isinstance(program, Diagnostics):
        raise ValueError(render(program, [source]))
    return program
