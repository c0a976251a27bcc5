"""JSON as bytes to plain values, stricter than the standard library is.

Goes in: a request body. Comes out: dictionaries, lists and plain values, or `NotJson`.
Must not know: what any field means.

I-JSON (RFC 7493): UTF-8, no name twice in an object, no NaN or Infinity, no lone surrogates. A name
that stands twice is refused because two readers could each see another value.
"""

from __future__ import annotations

import json
from typing import Any, Final, NoReturn

MAX_DEPTH: Final = 32
"""Deeper nesting than this is refused; a question needs six."""
MAX_CONTAINERS: Final = 200_000
"""More objects and lists than this are refused: reading them would hold up everything else for too long."""
MAX_VALUES: Final = 500_000
"""More members and items than this are refused, for the same reason; a full series has some 400,000."""
_BOM: Final = "\ufeff"


class NotJson(ValueError):
    """The text is no acceptable JSON; the message is Dutch and holds nothing of the text."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise NotJson("Een veld staat twee keer in hetzelfde object.")
    return made


def _constant(_: str) -> NoReturn:
    raise NotJson("NaN en Infinity zijn geen JSON.")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


def parse(raw: bytes) -> Any:
    """Read JSON text; NotJson says in Dutch what is wrong with it.

    >>> parse(b'{"leeftijd": 18}')
    {'leeftijd': 18}
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise NotJson("De tekst is geen geldige UTF-8.") from None
    if text.startswith(_BOM):
        raise NotJson("De tekst begint met een byte order mark (BOM); laat die weg.")
    brackets = _counted(text)
    try:
        value = _DECODER.decode(text)
    except NotJson:
        raise
    except json.JSONDecodeError as fault:
        place = f"regel {fault.lineno}, positie {fault.colno}"
        raise NotJson(f"De tekst is geen geldige JSON (fout bij {place}).") from None
    except RecursionError:
        raise NotJson(f"De JSON is dieper genest dan {MAX_DEPTH} lagen.") from None
    except ValueError:  # a whole number of thousands of digits
        raise NotJson("De JSON bevat een te groot getal.") from None
    # Only a suspicious text is walked.
    if brackets > MAX_DEPTH and _too_deep(value):
        raise NotJson(f"De JSON is dieper genest dan {MAX_DEPTH} lagen.")
    if "\\u" in text and _has_surrogate(text):
        raise NotJson("De tekst bevat een half teken (surrogaat) en is geen geldige tekst.")
    return value


def _counted(text: str) -> int:
    """Count the brackets; raises NotJson where they, or the commas, are so many that reading takes long."""
    # Those in texts are counted too; nobody has so many of them.
    brackets = text.count("{") + text.count("[")
    if brackets > MAX_CONTAINERS:
        raise NotJson(f"De JSON bevat meer dan {MAX_CONTAINERS} objecten en lijsten.")
    if text.count(",") > MAX_VALUES:
        raise NotJson(f"De JSON bevat meer dan {MAX_VALUES} velden en waarden.")
    return brackets


def _too_deep(value: Any) -> bool:
    layer = [value]
    for _ in range(MAX_DEPTH):
        inner: list[Any] = []
        for item in layer:
            if isinstance(item, dict):
                inner.extend(item.values())
            elif isinstance(item, list):
                inner.extend(item)
        if not inner:
            return False
        layer = inner
    return any(isinstance(item, (dict, list)) for item in layer)


def _has_surrogate(text: str) -> bool:
    """Whether any string in valid JSON text decodes to half a character."""
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
