"""The words the rules may use: domains, predicates, fields of the question, norms and sources.

Goes in: plain dictionaries as read from `facts/*.toml`. Comes out: a frozen `Vocabulary`.
Must not know: files, JSON, or what any single word means.

Order matters everywhere: the order of the files is "vocabulary order", in which ties are broken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from app.lang.ast import Value

DomainKind = Literal["keuze", "getal", "datum", "entiteit"]
PredicateKind = Literal["tabel", "invoer", "afgeleid", "uitkomst"]
Clock = Literal["peildatum", "leeftijd", "geboortedatum", "schooljaar"]
NORM_DOMAIN: Final = "norm"
"""The domain whose words are the norms themselves, so that a norm is declared in one place."""


@dataclass(frozen=True, slots=True)
class Domain:
    """A set of values an argument can take.

    `keuze`: the words in `labels`, in order. `getal`: whole numbers from `minimum` to `maximum`.
    `datum`: dates as yyyymmdd. `entiteit`: keys of things in one case (the case, a deling, …).
    `short`: names for where there is little room ("Gemeente W&I"), of the words that have one.
    `spoken`: how a text to the young person says a word whose label does not fit there ("je ouders").
    """

    name: str
    kind: DomainKind
    description: str
    labels: Mapping[str, str]
    minimum: int | None = None
    maximum: int | None = None
    short: Mapping[str, str] = field(default_factory=dict)
    spoken: Mapping[str, str] = field(default_factory=dict)
    values: tuple[str, ...] = field(init=False, compare=False, repr=False)
    """The words of a `keuze` domain, in vocabulary order; () for other kinds."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(self.labels))


@dataclass(frozen=True, slots=True)
class Argument:
    """One place of a predicate: its name (for templates) and its domain."""

    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class Predicate:
    """A declared predicate.

    `tabel`: ground facts in `facts/` or `policies/`. `invoer`: asserted per case.
    `afgeleid`: derived by rules. `uitkomst`: derived and read by the advice layer.
    `open`: (invoer) a key that is absent is unknown instead of not so.
    `single`: at most one value per key; a certain value excludes all others. Only a `single`
    open input predicate may also be derived by rules.
    `two_valued`: its rules may name both sides (`zeker_p`, `mogelijk_p`); nobody may build on it
    in a three-valued rule, unless it says only what was stated (`app.lang.strata.stated`)
    but other two-valued predicates.
    `sides`: the sides on which anyone reads it ("zeker" alone saves work).
    `sentence`: the row in plain Dutch, `{Argument}` standing for a value's label.
    `sentences`: the same per value of the last argument, where it is a choice.
    `negated`: the sentence for when it does not hold.
    `unsaid`: a clause for what is not known of it: "hoe oud de jongere is". `none`: the denial of all values at once.
    """

    name: str
    arguments: tuple[Argument, ...]
    kind: PredicateKind
    open: bool = False
    single: bool = False
    two_valued: bool = False
    sides: tuple[Literal["zeker", "mogelijk"], ...] = ("zeker", "mogelijk")
    sentence: str = ""
    sentences: Mapping[str, str] | None = None
    negated: str = ""
    unsaid: str = ""
    none: str = ""
    clock: Clock | None = None


@dataclass(frozen=True, slots=True)
class InputField:
    """One field of the question and the facts it becomes.

    `path`: where it stands in the JSON: `jongere.leeftijd`, `toestemmingen[].vrij`, `mandaten[]`.
    `arguments`: for a list of objects, the JSON fields that fill the predicate's arguments in order,
    where `casus` is the case and `zelf` the object's own key; () for a plain value, which becomes
    `predicate(key, value)` with the key of the object it stands in.
    `action`: an act (handeling) to do rather than a fact to look up.
    `exception`: a closed fact whose assertion can open a way of its own; absent, it is offered as an exceptional way.
    `waits`: what an advice waits for while this is missing; "" follows from `action`.
    `question_per`: the question where one word is the answer that helps, unless the fact `question_rests_on`, on which
    it depends which word that is, is asked as well. `question_if`: the question per word of the fact of the case
    `question_if_rests_on`. `question_when`: what is asked besides where a predicate can hold of the flow.
    `entry_when`: the predicate without which a new entry of a list leaves this out.
    `short`: its name in a form, "" where it has none of its own. `without`: words of its domain that it cannot hold.
    `denied_by`: per other predicate the word beside which "yes" would be a contradiction, so that unsaid is "no".
    """

    path: str
    domain: str
    predicate: str | None
    arguments: tuple[str, ...]
    required: bool
    action: bool
    question: str
    description: str
    exception: bool = False
    waits: str = ""
    question_per: Mapping[str, str] = field(default_factory=dict, hash=False)
    question_rests_on: str = ""
    question_if: Mapping[str, str] = field(default_factory=dict, hash=False)
    question_if_rests_on: str = ""
    question_when: Mapping[str, str] = field(default_factory=dict, hash=False)
    entry_when: str = ""
    short: str = ""
    without: tuple[str, ...] = ()
    denied_by: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Norm:
    """A norm of the law as this project numbers them: `VSV-1`."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Article:
    """A place in a source, as it was read when the rules on it were written.

    `content`: what it says, in words of our own. `read_on`: the day (yyyymmdd) whose text was read, None where that is
    not known. `certainty`: how that text was read. `text_hash`: of the official text then, "" where none was seen.
    """

    place: str
    content: str
    certainty: str
    read_on: int | None = None
    text_hash: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A legal source: how rules abbreviate it, its title, its BWB-id (or None), its address, what was read of it."""

    code: str
    title: str
    bwb: str | None
    url: str | None
    articles: Mapping[str, Article] = field(default_factory=dict)

    def article(self, place: str) -> Article | None:
        """What is known of a place: of exactly that one, else of the article it stands in."""
        return self.articles.get(place) or self.articles.get(place.partition(" ")[0].partition(",")[0])


@dataclass(frozen=True, slots=True)
class Choice:
    """An interpretation: what was chosen, and why."""

    choice: str
    why: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All declared words."""

    domains: Mapping[str, Domain]
    predicates: Mapping[str, Predicate]
    fields: tuple[InputField, ...]
    norms: Mapping[str, Norm]
    sources: Mapping[str, Source]
    interpretaties: Mapping[str, str]
    choices: Mapping[str, Choice] = field(default_factory=dict)

    def domain_of(self, predicate: str, position: int) -> Domain:
        """The domain of an argument (0-based); KeyError or IndexError where there is none."""
        return self.domains[self.predicates[predicate].arguments[position].domain]

    def domain_of_field(self, field: InputField) -> Domain | None:
        """The domain of a field, without the words that it cannot hold; None for free text and for an object."""
        domain = self.domains.get(field.domain)
        if domain is None or not field.without:
            return domain
        return replace(
            domain, labels={word: label for word, label in domain.labels.items() if word not in field.without}
        )

    def label(self, domain: str, value: Value) -> str:
        """The plain Dutch words for a value of a choice domain, else the value as text."""
        return self.domains[domain].labels.get(str(value), str(value))
