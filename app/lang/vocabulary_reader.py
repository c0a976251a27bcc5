"""Plain dictionaries into a `Vocabulary`, with all faults at once.

Goes in: the contents of the vocabulary's files as dictionaries. Comes out: a `Vocabulary`, or
diagnostics that name file and key. Must not know: files, TOML, or what any single word means.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from typing import Final

from app.lang.diagnostics import Diagnostic, Diagnostics, in_order, nearest, whole_file
from app.lang.sides import RESERVED_PREFIXES, SIDES, Side
from app.lang.tokens import WORD
from app.lang.vocabulary import (
    NORM_DOMAIN,
    Argument,
    Article,
    Choice,
    Clock,
    Domain,
    DomainKind,
    InputField,
    Norm,
    Predicate,
    PredicateKind,
    Source,
    Vocabulary,
)
from app.lang.vocabulary_table import Table

FILES: Final = ("domeinen", "predicaten", "casus", "normen", "bronnen", "interpretaties")
FREE_DOMAINS: Final = ("tekst", "lijst")
"""What a field of the question may hold besides a domain: free text, and a list of objects."""
DOMAIN_KINDS: Final[tuple[DomainKind, ...]] = ("keuze", "getal", "datum", "entiteit")
PREDICATE_KINDS: Final[tuple[PredicateKind, ...]] = ("tabel", "invoer", "afgeleid", "uitkomst")
FLOW: Final = "deling"
"""The domain of flows."""
WAITS: Final = ("toestemming", "afweging")
"""What an advice can wait for beside a fact and an act."""
CLOCKS: Final[tuple[Clock, ...]] = ("peildatum", "leeftijd", "geboortedatum", "schooljaar")
CERTAINTIES: Final = ("gelezen", "oudere_tekst", "tweede_hand", "afgeleid", "algemene_kennis")
"""How the text of an article was read: itself, itself as it was earlier, quoted by others, inferred, or not at all."""
_HASH: Final = re.compile(r"sha256:[0-9a-f]{64}")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_ARGUMENT: Final = re.compile(r"([A-Z][A-Za-z0-9_]*) ([a-z][a-z0-9_]*)")
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


def read_vocabulary(documents: Mapping[str, Mapping[str, object]]) -> Vocabulary | Diagnostics:
    """Read the vocabulary from its documents by name: `FILES`, with or without ".toml"."""
    faults: list[Diagnostic] = []
    by_name = {name.removesuffix(".toml"): document for name, document in documents.items()}
    tables = {name: _tables(f"{name}.toml", by_name.get(name), faults) for name in FILES}
    norms = {table.key: Norm(table.key, table.text("titel")) for table in tables["normen"]}
    domains = {table.key: _domain(table) for table in tables["domeinen"]} | {NORM_DOMAIN: _norm_domain(norms)}
    predicates = {table.key: _predicate(table, domains) for table in tables["predicaten"]}
    fields = tuple(_field(table, domains, predicates) for table in tables["casus"])
    _check_filled(tables["predicaten"], predicates, fields)
    vocabulary = Vocabulary(
        domains=domains,
        predicates=predicates,
        fields=fields,
        norms=norms,
        sources={table.key: _source(table) for table in tables["bronnen"]},
        interpretaties={table.key: table.text("tekst") for table in tables["interpretaties"]},
        choices={table.key: _choice(table) for table in tables["interpretaties"]},
    )
    for found in tables.values():
        for table in found:
            table.refuse_the_rest()
    return in_order(faults, (f"{name}.toml" for name in FILES)) if faults else vocabulary


def _tables(file: str, document: Mapping[str, object] | None, faults: list[Diagnostic]) -> list[Table]:
    if document is None:
        faults.append(Diagnostic("vocabulary", "this file is missing", whole_file(file)))
        return []
    tables = []
    for key, values in document.items():
        if isinstance(values, Mapping):
            tables.append(Table(file, key, values, faults))
        else:
            message, help_line = f"{key}: stands outside any table", "write it under a `[name]`"
            faults.append(Diagnostic("vocabulary", message, whole_file(file), help_line))
    return tables


def _norm_domain(norms: Mapping[str, Norm]) -> Domain:
    return Domain(NORM_DOMAIN, "keuze", "Een norm.", {norm.code: norm.title for norm in norms.values()})


def _domain(table: Table) -> Domain:
    if not _NAME.fullmatch(table.key) or table.key in (*FREE_DOMAINS, NORM_DOMAIN):
        table.fault("", "is not a name for a domain", "small letters, digits and `_`")
    kind, labels = table.choice("soort", DOMAIN_KINDS), table.labels("waarden")
    minimum, maximum = table.number("minimum"), table.number("maximum")
    if kind is None:
        table.fault("soort", "is missing", f"one of {', '.join(DOMAIN_KINDS)}")
    if (kind == "keuze") != bool(labels):
        table.fault("waarden", "a `keuze` has values, and nothing else has")
    if (kind == "getal") != (minimum is not None and maximum is not None):
        table.fault("minimum", "a `getal` has a minimum and a maximum, and nothing else has")
    elif minimum is not None and maximum is not None and minimum > maximum:
        table.fault("minimum", "is more than the maximum")
    for value in labels:
        if not WORD.fullmatch(value):
            table.fault("waarden", f"`{value}` is not a word", "letters, digits, `_` and `-`")
    short, spoken = (_of_some(table, key, labels) for key in ("kort", "aan_jongere"))
    return Domain(table.key, kind or "entiteit", table.text("omschrijving"), labels, minimum, maximum, short, spoken)


def _of_some(table: Table, key: str, labels: Mapping[str, str]) -> Mapping[str, str]:
    """Read other texts of some of a domain's values."""
    texts = table.labels(key)
    for value in texts:
        if value not in labels:
            table.fault(key, f"`{value}` is not one of the values", nearest(value, labels))
    return texts


def _predicate(table: Table, domains: Mapping[str, Domain]) -> Predicate:
    if not _NAME.fullmatch(table.key) or keyword.iskeyword(table.key):
        table.fault("", "is not a name for a predicate", "small letters, digits and `_`, and no word of Python")
    if table.key.startswith(RESERVED_PREFIXES):
        table.fault("", f"a name may not start with {' or '.join(RESERVED_PREFIXES)}", "rules name sides so")
    kind = table.choice("soort", PREDICATE_KINDS)
    if kind is None:
        table.fault("soort", "is missing", f"one of {', '.join(PREDICATE_KINDS)}")
    predicate = Predicate(
        name=table.key,
        arguments=_arguments(table, domains),
        kind=kind or "afgeleid",
        open=table.flag("open"),
        single=table.flag("enkelvoudig"),
        two_valued=table.flag("tweewaardig"),
        sides=_sides(table),
        sentence=table.optional_text("zin"),
        sentences=table.labels("zinnen") or None,
        negated=table.optional_text("ontkend"),
        unsaid=table.optional_text("onbekend"),
        none=table.optional_text("ontkend_alle"),
        clock=table.choice("klok", CLOCKS),
    )
    _check_kind(table, predicate, domains)
    _check_sentences(table, predicate, domains)
    return predicate


def _check_filled(tables: list[Table], predicates: Mapping[str, Predicate], fields: tuple[InputField, ...]) -> None:
    """Refuse input that no field of the question gives: in every case it would be unknown, or not so."""
    filled = {field.predicate for field in fields}
    for table in tables:
        if predicates[table.key].kind == "invoer" and table.key not in filled:
            table.fault("soort", "is input, but no field of the question gives it", "add a field in casus.toml")


def _arguments(table: Table, domains: Mapping[str, Domain]) -> tuple[Argument, ...]:
    arguments: list[Argument] = []
    for text in table.texts("argumenten"):
        match = _ARGUMENT.fullmatch(text)
        if match is None:
            table.fault("argumenten", f"`{text}` is not an argument", 'write "Naam domein"')
            continue
        name, domain = match.groups()
        if domain not in domains:
            table.fault("argumenten", f"domain `{domain}` is not declared", nearest(domain, domains))
        if any(name == one.name for one in arguments):
            table.fault("argumenten", f"`{name}` is there twice", "give every argument its own name")
        arguments.append(Argument(name, domain))
    if not arguments:
        table.fault("argumenten", "are missing", 'write `argumenten = ["Casus casus"]`')
    return tuple(arguments)


def _sides(table: Table) -> tuple[Side, ...]:
    words = table.texts("kanten")
    for word in words:
        if word not in SIDES:
            table.fault("kanten", f"`{word}` is not a side", f"{' and '.join(SIDES)}")
    return tuple(side for side in SIDES if not words or side in words)


def _check_kind(table: Table, predicate: Predicate, domains: Mapping[str, Domain]) -> None:
    if predicate.open and predicate.kind != "invoer":
        table.fault("open", "only input can be open", "a derived predicate follows from what is open below it")
    if predicate.two_valued and predicate.kind not in ("afgeleid", "uitkomst"):
        table.fault("tweewaardig", "only a derived predicate can be two-valued")
    if predicate.single and len(predicate.arguments) < 2:
        table.fault("enkelvoudig", "needs a key and a value", "one value per key takes two arguments")
    if predicate.clock and predicate.kind != "invoer":
        table.fault("klok", "only input can be a clock")
    if predicate.open and len(predicate.arguments) == 2:
        domain = domains.get(predicate.arguments[1].domain)
        if domain is not None and domain.kind == "entiteit":
            table.fault("open", f"`{domain.name}` has no values to choose from", "use a keuze, getal or datum")


def _check_sentences(table: Table, predicate: Predicate, domains: Mapping[str, Domain]) -> None:
    names = [one.name for one in predicate.arguments]
    texts = {
        "zin": [predicate.sentence],
        "ontkend": [predicate.negated],
        "onbekend": [predicate.unsaid],
        "ontkend_alle": [predicate.none],
        "zinnen": [*(predicate.sentences or {}).values()],
    }
    for key, sentences in texts.items():
        for word in (word for sentence in sentences for word in _PLACEHOLDER.findall(sentence)):
            if word not in names:
                table.fault(
                    key, f"`{{{word}}}` is not an argument", nearest(word, names) or f"one of {', '.join(names)}"
                )
    domain = domains.get(predicate.arguments[-1].domain) if predicate.arguments else None
    for value in predicate.sentences or {}:
        if domain is not None and value not in domain.labels:
            table.fault("zinnen", f"`{value}` is not a value of `{domain.name}`", nearest(value, domain.labels))


def _field(table: Table, domains: Mapping[str, Domain], predicates: Mapping[str, Predicate]) -> InputField:
    field = InputField(
        path=table.key,
        domain=table.text("domein"),
        predicate=table.optional_text("predicaat") or None,
        arguments=table.texts("argumenten"),
        required=table.flag("verplicht"),
        action=table.flag("handeling"),
        question=table.optional_text("vraag"),
        description=table.text("omschrijving"),
        exception=table.flag("uitzondering"),
        waits=table.choice("wacht_op", WAITS) or "",
        question_per=table.labels("vraag_per"),
        question_rests_on=table.optional_text("vraag_per_hangt_af_van"),
        question_if=table.labels("vraag_als"),
        question_if_rests_on=table.optional_text("vraag_als_hangt_af_van"),
        question_when=table.labels("vraag_ook_bij"),
        entry_when=table.optional_text("nieuw_bij"),
        short=table.optional_text("kort"),
        without=table.texts("zonder"),
        denied_by=table.labels("nee_bij"),
    )
    if field.domain and field.domain not in domains and field.domain not in FREE_DOMAINS:
        help_line = nearest(field.domain, [*domains, *FREE_DOMAINS])
        table.fault("domein", f"`{field.domain}` is not declared", help_line)
    if field.predicate is None:
        return field
    predicate = predicates.get(field.predicate)
    if predicate is None:
        table.fault("predicaat", f"`{field.predicate}` is not declared", nearest(field.predicate, predicates))
        return field
    if predicate.kind != "invoer":
        table.fault("predicaat", f"`{predicate.name}` is not input", "only soort `invoer` is asserted per case")
    if predicate.open and not field.question:
        table.fault("vraag", "is missing", "an open fact may be asked for")
    if field.exception and (predicate.open or not field.question):
        table.fault("uitzondering", "is a closed fact with a question", "an open fact is asked for anyway")
    _check_words(table, field, domains, predicates)
    _check_questions(table, field, domains, predicates)
    _check_field_shape(table, field, predicate)
    return field


def _check_words(
    table: Table, field: InputField, domains: Mapping[str, Domain], predicates: Mapping[str, Predicate]
) -> None:
    words = domains[field.domain].values if field.domain in domains else ()
    for word in field.without:
        if word not in words:
            table.fault("zonder", f"`{word}` is no word of `{field.domain}`", nearest(word, [*map(str, words)]))
    for other, word in field.denied_by.items():
        about = predicates.get(other)
        if about is None:
            table.fault("nee_bij", f"`{other}` is not declared", nearest(other, predicates))
        elif len(about.arguments) != 2 or word not in domains[about.arguments[1].domain].values:
            table.fault(
                "nee_bij", f"`{word}` is no word of `{other}`", "name a predicate of the case and one of its words"
            )


def _check_questions(
    table: Table, field: InputField, domains: Mapping[str, Domain], predicates: Mapping[str, Predicate]
) -> None:
    words = domains[field.domain].values if field.domain in domains else ()
    for word in field.question_per:
        if word not in words:
            table.fault("vraag_per", f"`{word}` is no word of `{field.domain}`", nearest(word, [*map(str, words)]))
    if field.question_rests_on and field.question_rests_on not in predicates:
        found = field.question_rests_on
        table.fault("vraag_per_hangt_af_van", f"`{found}` is not declared", nearest(found, predicates))
    _check_question_if(table, field, domains, predicates)
    for key, names in (("vraag_ook_bij", tuple(field.question_when)), ("nieuw_bij", (field.entry_when,))):
        for name in filter(None, names):
            about = predicates.get(name)
            if about is None:
                table.fault(key, f"`{name}` is not declared", nearest(name, predicates))
            elif [one.domain for one in about.arguments] != [FLOW]:
                table.fault(key, f"`{name}` is not about a flow alone", "use a predicate with one argument, a deling")


def _check_question_if(
    table: Table, field: InputField, domains: Mapping[str, Domain], predicates: Mapping[str, Predicate]
) -> None:
    found = field.question_if_rests_on
    about = predicates.get(found)
    if bool(found) != bool(field.question_if):
        table.fault("vraag_als", "stands without the other key", "give both vraag_als and vraag_als_hangt_af_van")
    elif found and (about is None or about.kind != "invoer" or len(about.arguments) != 2):
        table.fault("vraag_als_hangt_af_van", f"`{found}` is not input with one value", nearest(found, predicates))
    elif about is not None:
        for word in field.question_if:
            if word not in (words := domains[about.arguments[1].domain].values):
                table.fault("vraag_als", f"`{word}` is no word of `{found}`", nearest(word, [*map(str, words)]))


def _check_field_shape(table: Table, field: InputField, predicate: Predicate) -> None:
    wanted = len(predicate.arguments)
    given = len(field.arguments) or 2
    if given != wanted:
        help_line = "a plain value fills a key and a value; a list of objects names what fills each argument"
        table.fault("argumenten", f"`{predicate.name}` has {wanted} arguments, not {given}", help_line)
    elif not field.arguments and predicate.arguments[1].domain != field.domain:
        expected = predicate.arguments[1].domain
        table.fault("domein", f"`{field.domain}` is not the domain of `{predicate.name}`", f"use `{expected}`")


def _source(table: Table) -> Source:
    bwb, url = table.optional_text("bwb"), table.optional_text("url")
    articles = {place: _article(place, inner) for place, inner in table.tables("artikelen").items()}
    return Source(table.key, table.text("titel"), bwb or None, url or None, articles)


def _article(place: str, table: Table) -> Article:
    certainty = table.choice("zekerheid", CERTAINTIES)
    if certainty is None:
        table.fault("zekerheid", "is missing", f"one of {', '.join(CERTAINTIES)}")
    text_hash = table.optional_text("tekst_hash")
    if text_hash and not _HASH.fullmatch(text_hash):
        table.fault("tekst_hash", "is not a hash", "`sha256:` and 64 digits, as `deelwijzer wetteksten` prints it")
    article = Article(place, table.text("inhoud"), certainty or "", table.day("gelezen_op"), text_hash)
    table.refuse_the_rest()
    return article


def _choice(table: Table) -> Choice:
    """What was chosen and why; an edition of before they were told apart has one text for both."""
    return Choice(table.optional_text("keuze") or table.text("tekst"), table.optional_text("waarom"))
