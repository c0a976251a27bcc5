"""Plain Dutch: rule explanations and facts with this case's values filled in.

Goes in: a program's `uitleg` templates and its vocabulary's sentences, with values. Comes out: text.
Must not know: what any rule or predicate means. Templates are taken apart once per program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.advice import dates
from app.engine.model import Justification, ModelValue
from app.engine.unknown import Unknown
from app.lang.ast import Comparison, Rule, Variable
from app.lang.ordering import expression_variables
from app.lang.program import Program, rule_variables
from app.lang.vocabulary import Domain, Predicate, Vocabulary

UNSAID = "nog onbekend"
ENTITIES: Mapping[str, str] = {"casus": "de jongere", "deling": "deze deling"}
"""How a sentence names the things of one case."""

Render = Callable[[ModelValue | None], str]
_PLACE = re.compile(r"\{(\w+)\}")
_SENTENCE_END = re.compile(r"[.!?]\s+$")


def capital(text: str) -> str:
    """Write the first letter as a capital."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """Make a text a sentence: a capital first, a full stop last."""
    text = capital(text.strip())
    return text if not text or text[-1] in ".!?" else text + "."


def listing(texts: Sequence[str], last: str = "en") -> str:
    """Join texts as people do: "a, b en c"."""
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}"


def render_of(domain: Domain | None) -> Render:
    """Return how values of a domain are written; None is a domain that is not declared (norm codes)."""
    if domain is None:
        return _as_is
    if domain.kind == "entiteit":
        thing = ENTITIES.get(domain.name, "dit")
        return lambda _: thing
    if domain.kind == "datum":
        return _as_date
    labels = domain.labels

    def render(value: ModelValue | None) -> str:
        return labels.get(value) or _as_is(value)  # type: ignore[arg-type]  # what is no word has no label

    return render


def _as_is(value: ModelValue | None) -> str:
    return UNSAID if value is None or isinstance(value, Unknown) else str(value)


def _as_date(value: ModelValue | None) -> str:
    return dates.words(value) if isinstance(value, int) else _as_is(value)


class Template:
    """A text with places for values, taken apart.

    `pieces` has "" where a value goes; `places` says per value where, which, and how it is written.
    """

    __slots__ = ("pieces", "places")

    def __init__(self, pieces: Sequence[str], places: Sequence[tuple[int, int, Render]]) -> None:
        self.pieces = pieces
        self.places = places

    def fill(self, values: Sequence[ModelValue | None]) -> str:
        """Write the text with these values."""
        pieces = [*self.pieces]
        for at, index, render in self.places:
            pieces[at] = render(values[index])
        return "".join(pieces)


def template(text: str, places: Mapping[str, tuple[int, Render]], clause: bool = False) -> Template:
    """Take a text apart; a `{Name}` that is not a place stays as it stands. Where a sentence starts a capital does.

    A clause starts no sentence.
    """
    pieces: list[str] = []
    found: list[tuple[int, int, Render]] = []
    end = 0
    for match in _PLACE.finditer(text):
        if match.group(1) not in places:
            continue
        before = text[: match.start()]
        index, render = places[match.group(1)]
        if not (before.strip() or clause) or _SENTENCE_END.search(before):
            render = _capitalised(render)
        pieces += (text[end : match.start()], "")
        found.append((len(pieces) - 1, index, render))
        end = match.end()
    return Template((*pieces, text[end:]), tuple(found))


def _capitalised(render: Render) -> Render:
    return lambda value: capital(render(value))


class Texts:
    """The texts of one program."""

    def __init__(self, program: Program) -> None:
        self.vocabulary = program.vocabulary
        self._rules = {id(rule): _uitleg(rule, program.vocabulary) for rule in program.rules}
        self._facts: dict[str, _Sentences] = {
            name: _sentences(predicate, program.vocabulary) for name, predicate in program.vocabulary.predicates.items()
        }
        self._labels = {name: domain.labels for name, domain in program.vocabulary.domains.items()}

    def uitleg(self, justification: Justification) -> str:
        """Write why a rule gave a fact, in this case's words: a sentence, or more."""
        return self._rules[id(justification.rule)].fill(justification.values)

    def fact(self, predicate: str, row: Sequence[ModelValue | None]) -> str:
        """Write a fact as a clause: "de leeftijd van de jongere is 18"; not known, "hoe oud de jongere is"."""
        return self._facts[predicate].holds(row)

    def denial(self, predicate: str, row: Sequence[ModelValue | None]) -> str:
        """Write that a fact is not so: "de jongere is geen voortijdig schoolverlater"."""
        return self._facts[predicate].denied(row)

    def unsaid(self, predicate: str, row: Sequence[ModelValue | None]) -> str:
        """Write what of a fact is not known: "hoe oud de jongere is". Empty where there are no words for that."""
        return self._facts[predicate].unknown(row)

    def label(self, domain: str, word: str) -> str:
        """The words for a value of a choice domain, else the value itself."""
        labels = self._labels.get(domain)
        return word if labels is None else labels.get(word, word)


def _uitleg(rule: Rule, vocabulary: Vocabulary) -> Template:
    if rule.metadata is None:
        return Template((), ())
    domains = variable_domains(rule, vocabulary)
    places = {
        name: (index, render_of(vocabulary.domains.get(domains.get(name, ""))))
        for index, name in enumerate(rule_variables(rule))
    }
    return template(sentence(rule.metadata.uitleg), places)


def variable_domains(rule: Rule, vocabulary: Vocabulary) -> dict[str, str]:
    """Say of each variable of a rule the domain it takes its values from, where a literal tells."""
    found: dict[str, str] = {}
    atoms = [rule.head, *(literal.atom for literal in rule.body if not isinstance(literal, Comparison))]
    for atom in atoms:
        predicate = declared(atom.predicate, vocabulary)
        for term, argument in zip(atom.arguments, predicate.arguments, strict=True):
            if isinstance(term, Variable):
                found.setdefault(term.name, argument.domain)
    for literal in rule.body:
        if isinstance(literal, Comparison) and isinstance(literal.left, Variable) and literal.left.name not in found:
            kinds = [found[one.name] for one in expression_variables(literal.right) if one.name in found]
            dated = [kind for kind in kinds if kind in vocabulary.domains and vocabulary.domains[kind].kind == "datum"]
            if dated or kinds:
                found[literal.left.name] = (dated or kinds)[0]
    return found


def declared(name: str, vocabulary: Vocabulary) -> Predicate:
    """The predicate an atom names, also with a side in front (`zeker_p`)."""
    predicate = vocabulary.predicates.get(name)
    return vocabulary.predicates[name.partition("_")[2]] if predicate is None else predicate


@dataclass(frozen=True, slots=True)
class _Sentences:
    """The sentences of one predicate, taken apart."""

    plain: Template
    by_value: Mapping[str, Template]
    negated: Template | None
    unsaid: Template | None
    none: Template | None

    def holds(self, row: Sequence[ModelValue | None]) -> str:
        unknown = self.unknown(row)
        if unknown:
            return unknown
        return self.by_value.get(str(row[-1]), self.plain).fill(row) if row else self.plain.fill(row)

    def unknown(self, row: Sequence[ModelValue | None]) -> str:
        if self.unsaid is None or all(value is not None and not isinstance(value, Unknown) for value in row):
            return ""
        return self.unsaid.fill(row)

    def denied(self, row: Sequence[ModelValue | None]) -> str:
        if self.none is not None and None in row:
            return self.none.fill(row)
        if self.negated is not None:
            return self.negated.fill(row)
        others = [text for value, text in self.by_value.items() if value != str(row[-1])]
        if len(others) == 1 and len(self.by_value) == 2:
            return others[0].fill(row)
        return f"niet waar is: {self.holds(row)}"


def _sentences(predicate: Predicate, vocabulary: Vocabulary) -> _Sentences:
    places = {
        argument.name: (index, render_of(vocabulary.domains.get(argument.domain)))
        for index, argument in enumerate(predicate.arguments)
    }
    by_value = {value: template(text, places, clause=True) for value, text in (predicate.sentences or {}).items()}
    plain = predicate.sentence or " of ".join((predicate.sentences or {predicate.name: predicate.name}).values())
    negated, unsaid, none = (
        template(text, places, clause=True) if text else None
        for text in (predicate.negated, predicate.unsaid, predicate.none)
    )
    return _Sentences(template(plain, places, clause=True), by_value, negated, unsaid, none)
