"""Whether two laws read the same questions: only then can they be compared case by case.

Goes in: two vocabularies. Comes out: what a question can say by one and not by the other. Must not know: any word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.lang.vocabulary import Vocabulary


def unlike(first: Vocabulary, second: Vocabulary) -> tuple[str, ...]:
    """List, by name, what differs between the questions of two vocabularies; texts for people do not count."""
    return (
        *_unlike("veld", _fields(first), _fields(second)),
        *_unlike("feit", _facts(first), _facts(second)),
        *_unlike("domein", _domains(first), _domains(second)),
    )


def _unlike(kind: str, one: Mapping[str, object], other: Mapping[str, object]) -> Iterator[str]:
    for name in dict.fromkeys((*one, *other)):
        if name not in other or name not in one:
            yield f"{kind} {name}: staat alleen in {'A' if name in one else 'B'}"
        elif one[name] != other[name]:
            yield f"{kind} {name}: is in A anders dan in B"


def _fields(vocabulary: Vocabulary) -> dict[str, object]:
    return {one.path: (one.domain, one.predicate, one.arguments, one.required) for one in vocabulary.fields}


def _facts(vocabulary: Vocabulary) -> dict[str, object]:
    return {
        one.name: (tuple(argument.domain for argument in one.arguments), one.open, one.single, one.clock)
        for one in vocabulary.predicates.values()
        if one.kind == "invoer"
    }


def _domains(vocabulary: Vocabulary) -> dict[str, object]:
    """The domains of what a question can say."""
    used = {
        argument.domain for one in vocabulary.predicates.values() if one.kind == "invoer" for argument in one.arguments
    }
    used |= {field.domain for field in vocabulary.fields}
    domains = vocabulary.domains
    return {
        name: (domains[name].kind, domains[name].values, domains[name].minimum, domains[name].maximum)
        for name in sorted(used & domains.keys())
    }
