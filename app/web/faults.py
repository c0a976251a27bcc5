"""What pydantic found wrong, in plain Dutch, with what would be right.

Goes in: a ValidationError and the vocabulary. Comes out: `Fout`s, all of them, in the question's order.
Must not know: what any field means. Never repeats a value that the caller sent: a name that is no
field is repeated shortened and stripped, a wrong word is answered with the nearest right one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.lang.diagnostics import MOST_BEGUN, SHORTEST_BEGIN
from app.lang.vocabulary import Domain, InputField, Vocabulary
from app.web.problems import MOST_FAULTS, Fout, Problem, bad_question
from app.web.wire import (
    BSN_FAULT,
    DATE_FAULT,
    EDGE_FAULT,
    FIRST_DAY,
    LAST_DAY,
    PROPOSALS,
    TEXT_MAXIMUM,
    UNSEEN_FAULT,
    YES_NO,
    longest,
)

NAME_LENGTH: Final = 40
_STRIPPED: Final = re.compile(r"[^A-Za-z0-9_.-]")
_LONG_NUMBER: Final = re.compile(r"[0-9](?:[._-]*[0-9]){5,}")
"""Also in groups: what is left of a name has no other signs."""
_ENDINGS: Final = ("[]", "{}", "")

Location = Sequence[int | str]


def faults_of(error: ValidationError, vocabulary: Vocabulary, most: int = MOST_FAULTS) -> Problem:
    """Make the 400 of a question with faults, and put the first `most` of them in words: that is what costs time."""
    reader = _Reader(vocabulary)
    found = (reader.fault(details) for details in error.errors(include_url=False, include_context=False)[:most])
    fouten = tuple(dict.fromkeys(found))
    count = error.error_count()
    return bad_question(fouten, count if count > most else None)


def shown_name(name: str) -> str:
    """Make a name from outside fit to repeat: 40 plain characters at most, and no long number.

    >>> shown_name("leeftjd"), shown_name("Jan<b>"), shown_name("nr123.456.789")
    ('leeftjd', 'Janb', 'nr…')
    """
    return _LONG_NUMBER.sub("…", _STRIPPED.sub("", name))[:NAME_LENGTH] or "?"


def strange_fields(body: Any, known: Sequence[str], shape: str) -> list[Fout]:
    """Find the fields of a body that are not known; raises Problem, saying the `shape`, when it is no object.

    Stops looking one past the number of faults that an answer lists.
    """
    if not isinstance(body, dict):
        raise bad_question((Fout("", "Dit moet een object zijn.", shape),))
    listed = " en ".join(f"'{name}'" for name in known)
    only = f"Alleen {listed}."
    strange = (Fout(shown_name(name), "Dit veld bestaat hier niet.", only) for name in body if name not in known)
    return list(islice(strange, MOST_FAULTS + 1))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that was probably meant."""
    match = difflib.get_close_matches(word[:80].lower(), list(known), n=1, cutoff=0.6)
    return match[0] if match else None


def hint(given: str, known: Iterable[str]) -> str:
    """Ask whether a known word was meant; "" when none is near. What was given is not repeated.

    A word that begins others was probably cut short: those come before one that merely looks like it.

    >>> hint("mbo", ["mbo_entree", "mbo_2_bol", "hbo"])
    " Bedoelde u een van deze: 'mbo_entree', 'mbo_2_bol'?"
    """
    words = list(known)
    begun = [one for one in words if len(given) >= SHORTEST_BEGIN and one.startswith(given.lower())][:MOST_BEGUN]
    if len(begun) > 1:
        return f" Bedoelde u een van deze: {', '.join(repr(one) for one in begun)}?"
    meant = begun[0] if begun else nearest(given, words)
    return f" Bedoelde u '{meant}'?" if meant else ""


class _Reader:
    """Finds for a place in the question what the vocabulary says of it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._paths = {field.path: field for field in vocabulary.fields}
        self._names: dict[str, list[str]] = {}

    def fault(self, details: ErrorDetails) -> Fout:
        """Say one fault in Dutch."""
        location, kind = details["loc"], details["type"]
        if kind == "extra_forbidden":
            return self._unknown_name(location)
        is_key = bool(location) and location[-1] == "[key]"
        if is_key:
            location = location[:-1]
        veld = self._veld(location)
        if kind == "missing":
            return Fout(veld, "Dit veld is verplicht.", self._expected(location))
        if kind == "literal_error":
            return self._wrong_word(veld, location, details["input"], is_key)
        return Fout(veld, _melding(kind), self._expected(location))

    def _unknown_name(self, location: Location) -> Fout:
        name = str(location[-1])
        known = self._names_in(self._path(location[:-1]))
        meant = hint(name, known)
        if not meant and (elsewhere := self._elsewhere(name)):
            meant = f" Bedoelde u '{elsewhere}'?"
        return Fout(self._veld(location), f"Dit veld bestaat niet.{meant}", f"Een van: {', '.join(known)}.")

    def _elsewhere(self, name: str) -> str | None:
        """Find a field that has this very name, but stands elsewhere."""
        plain = (path for path in self._paths if re.split(r"\.", path)[-1].rstrip("[]{}") == name)
        return next((path.replace("{}", "") for path in plain), None)

    def _wrong_word(self, veld: str, location: Location, given: object, is_key: bool) -> Fout:
        domain = self._domain(location, is_key)
        values = domain.values if domain else ()
        meant = hint(given, values) if isinstance(given, str) else ""
        melding = "Deze naam bestaat hier niet." if is_key else "Deze waarde bestaat niet."
        return Fout(veld, melding + meant, f"Een van: {', '.join(values)}.")

    def _path(self, location: Location) -> str:
        """Write a location as the vocabulary does: ("delingen", 0, "doel") is `delingen[].doel`."""
        path = ""
        for part in location:
            if isinstance(part, int):
                path += "[]"
            else:
                path += f".{part}" if path else part
        return path

    def _veld(self, location: Location) -> str:
        """Write a location for the caller; a name that is not the vocabulary's is made fit to repeat."""
        text = ""
        for place, part in enumerate(location):
            if isinstance(part, int):
                text += f"[{part}]"
                continue
            known = part in self._names_in(self._path(location[:place]))
            name = part if known else shown_name(part)
            text += f".{name}" if text else name
        return text

    def _names_in(self, path: str) -> list[str]:
        """List the fields of the object at a path; of a map the keys it may have."""
        if path not in self._names:
            self._names[path] = self._find_names(path)
        return self._names[path]

    def _find_names(self, path: str) -> list[str]:
        prefix = f"{path}." if path else ""
        names = [one[len(prefix) :].partition(".")[0] for one in self._paths if one.startswith(prefix)]
        if not names and f"{path}{{}}" in self._paths:
            domain = self._map_keys(path)
            return list(domain.values) if domain else []
        return list(dict.fromkeys(name.removesuffix("[]").removesuffix("{}") for name in names))

    def _field(self, location: Location) -> InputField | None:
        path = self._path(location)
        found = (self._paths.get(f"{path}{ending}") for ending in _ENDINGS)
        return next((field for field in found if field is not None), None)

    def _domain(self, location: Location, is_key: bool) -> Domain | None:
        if is_key:
            return self._map_keys(self._path(location[:-1]))
        field = self._field(location) or self._paths.get(f"{self._path(location[:-1])}{{}}")
        return self._vocabulary.domain_of_field(field) if field else None

    def _map_keys(self, path: str) -> Domain | None:
        """Find the domain of a map's keys: that of the list with the same name, there or around it."""
        around, _, name = path.rpartition(".")
        while around:
            around = around.rpartition(".")[0]
            field = self._paths.get(f"{around}.{name}[]" if around else f"{name}[]")
            if field is not None:
                return self._vocabulary.domain_of_field(field)
        return None

    def _expected(self, location: Location) -> str:
        field = self._field(location)
        is_item = bool(location) and isinstance(location[-1], int)
        if field is None and (not location or self._names_in(self._path(location))):
            return f"Een object met de velden: {', '.join(self._names_in(self._path(location)))}."
        if field is not None and not is_item and field.path.endswith("[]"):
            least = "minstens één" if field.required or field.path == PROPOSALS else "nul of meer"
            return f"Een lijst, met {least} en hooguit {longest(field)}. {field.description}"
        if field is not None and field.path.endswith("{}"):
            return f"Een object. {field.description}"
        if field is not None and self._names_in(field.path):
            return f"Een object met de velden: {', '.join(self._names_in(field.path))}."
        return _expected_value(self._domain(location, False))


def _melding(kind: str) -> str:
    return _MELDINGEN.get(kind, "Deze waarde klopt niet.")


_MELDINGEN: Final = {
    "bool_type": "Dit moet true of false zijn, zonder aanhalingstekens.",
    "int_type": "Dit moet een heel getal zijn, zonder aanhalingstekens.",
    "string_type": "Dit moet tekst zijn.",
    "string_too_long": "Deze tekst is te lang.",
    "string_too_short": "Deze tekst is leeg. Laat het veld weg als u niets wilt opgeven.",
    "string_unicode": "Deze tekst bevat een half teken.",
    "list_type": "Dit moet een lijst zijn.",
    "too_short": "Deze lijst is leeg. Zet er iets in, of laat het veld weg als het niet verplicht is.",
    "too_long": "Deze lijst is te lang.",
    "dict_type": "Dit moet een object zijn.",
    "model_type": "Dit moet een object zijn.",
    "greater_than_equal": "Dit getal is te klein.",
    "less_than_equal": "Dit getal is te groot.",
    DATE_FAULT: "Dit is geen bestaande datum in de vorm JJJJ-MM-DD.",
    EDGE_FAULT: "Deze tekst begint of eindigt met een spatie of een onzichtbaar teken. Laat dat weg.",
    UNSEEN_FAULT: (
        "In deze tekst staat een teken dat niet te zien is, zoals een tab, een regeleinde of een teken zonder breedte. "
        "Haal het weg."
    ),
    BSN_FAULT: "Dit lijkt op een burgerservicenummer. Gebruik een eigen kenmerk, nooit een BSN.",
}


def _expected_value(domain: Domain | None) -> str:
    if domain is None:
        return (
            f"Tekst van hooguit {TEXT_MAXIMUM} tekens en niet leeg, zonder spatie aan het begin of het eind, "
            "zonder onzichtbare tekens, en zonder burgerservicenummer."
        )
    if domain.kind == "datum":
        return f"Een datum als JJJJ-MM-DD, van {FIRST_DAY} tot en met {LAST_DAY}."
    if domain.kind == "getal":
        return f"Een heel getal van {domain.minimum} tot en met {domain.maximum}."
    if domain.values == YES_NO:
        return "true of false."
    return f"Een van: {', '.join(domain.values)}."
