"""The settings, read once from the environment.

Goes in: environment variables. Comes out: one frozen `Settings`, or SettingsFault with every fault.
Must not know: what anyone does with them. A new setting is a field and a line in `VARIABLES`; a test holds
that table to the one in docs/operators.md.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from app.kern.engines import NAMES

VERSION: Final = "0.1.0"
"""The version of this software and its API; the top entry of CHANGELOG.md has the same."""
NO_LOG: Final = "geen"
"""Instead of a URL: keep no decision log. Only to try things out: such a service answers nobody but this machine."""
READ_ELSEWHERE: Final = ("DEELWIJZER_CI", "DEELWIJZER_URL", "DEELWIJZER_SLEUTEL")
"""No settings of the service, but read by .ci/run's tests and by examples/client.py: they may stand beside them."""
_PREFIX: Final = "DEELWIJZER_"
_SERVICE_LINK: Final = re.compile(
    r"(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_\w+)?)", re.ASCII
)
_ROOT: Final = Path(__file__).resolve().parent.parent
_LIMIT: Final = re.compile(r"[1-9][0-9]{0,6}/(second|minute|hour)", re.ASCII)
_SECONDS: Final = re.compile(r"[0-9]{1,2}([.][0-9])?", re.ASCII)

Toegang = Literal["sleutel", "oauth"]
TOEGANG: Final[tuple[Toegang, ...]] = ("sleutel", "oauth")


class SettingsFault(ValueError):
    """Settings that cannot be right; the message names each."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an operator can choose; docs/operators.md says what each is for."""

    engine: str = "kern"
    policies: Path = _ROOT / "policies"
    facts: Path = _ROOT / "facts"
    cache: Path = _ROOT / ".cache"
    law_texts: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    base_url: str = ""
    read_seconds: float = 5.0
    query_seconds: float = 2.0
    advice_seconds: float = 5.0
    answer_seconds: float = 30.0
    most_calls: int = 128
    most_connections: int = 500
    most_underway_mib: int = 64
    idle_seconds: int = 75
    log_url: str = field(default=f"sqlite:///{_ROOT / '.data' / 'deelwijzer.db'}", repr=False)  # can hold a password
    log_content: str = "volledig"
    log_seconds: float = 5.0
    retention_days: int | None = None
    processing_activity: str | None = None
    access: tuple[Toegang, ...] = ()
    jwks: str = ""
    jwt_issuer: str = ""
    jwt_audience: str = ""
    rate_limit: str = "6000/minute"
    visit_limit: str = "300/minute"
    cors: tuple[str, ...] = ()
    otlp: str = ""

    @property
    def keeps_log(self) -> bool:
        """Whether decisions are recorded."""
        return self.log_url != NO_LOG


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: the field it fills, how it is read, what would be right, what it is for."""

    name: str
    field: str
    read: Callable[[str], Any]
    expected: str
    meaning: str


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read the settings; an empty variable counts as absent. Raises SettingsFault with every fault.

    A variable with our name that is no setting is a fault: whoever set it thinks that it does something.
    """
    found: dict[str, Any] = {}
    faults: list[str] = []
    for variable in VARIABLES:
        text = environment.get(variable.name, "").strip()
        if not text:
            continue
        try:
            found[variable.field] = variable.read(text)
        except ValueError:
            faults.append(f"{variable.name} is {variable.expected}")
    settings = Settings(**found)
    faults += [*_unknown(environment), *_together(settings)]
    if faults:
        raise SettingsFault("\n".join(faults))
    return settings


def _unknown(environment: Mapping[str, str]) -> Iterator[str]:
    """Name every variable with our prefix that nobody reads, with the setting that comes nearest."""
    known = {variable.name.removeprefix(_PREFIX): variable.name for variable in VARIABLES}
    for name, text in environment.items():
        own = name.removeprefix(_PREFIX)
        if own == name or known.get(own) == name or not text.strip() or name in READ_ELSEWHERE or _linked(own, text):
            continue
        near = [own] if own in known else difflib.get_close_matches(own[:80], known, n=1)
        yield f"{name} is no setting" + (f"; did you mean {known[near[0]]}?" if near else "; see docs/operators.md")


def _linked(own: str, text: str) -> bool:
    """Whether Kubernetes put it there: it names the addresses of services, also one that is called deelwijzer."""
    return bool(_SERVICE_LINK.fullmatch(own)) or (own.endswith("PORT") and "://" in text)


def _together(settings: Settings) -> list[str]:
    """What is wrong between settings that are each right."""
    faults: list[str] = []
    if "oauth" in settings.access:
        needed = {
            "DEELWIJZER_JWKS": settings.jwks,
            "DEELWIJZER_JWT_ISSUER": settings.jwt_issuer,
            "DEELWIJZER_JWT_AUDIENCE": settings.jwt_audience,
        }
        faults += [f"{name} is needed with DEELWIJZER_TOEGANG=oauth" for name, value in needed.items() if not value]
    if settings.access and not settings.keeps_log:
        faults.append(f"DEELWIJZER_TOEGANG needs a log: DEELWIJZER_LOG_URL={NO_LOG} is only for trying out")
    return faults


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return read


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
            raise ValueError(text)
        return int(text)

    return read


def _seconds(text: str) -> float:
    if not (_SECONDS.fullmatch(text) and 0 < float(text) <= 60):
        raise ValueError(text)
    return float(text)


def _uri(*schemes: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        scheme, colon, rest = text.partition("://")
        if not colon or scheme not in schemes or not rest or any(sign.isspace() for sign in text):
            raise ValueError(text)
        return text.rstrip("/")

    return read


def _jwks(text: str) -> str:
    # Over plain http anyone along the way could put in keys of their own.
    return _uri("https")(text) if "://" in text else text


def _log_url(text: str) -> str:
    if text != NO_LOG and not text.startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")):
        raise ValueError(text)
    return text


def _processing_activity(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*:\S+", text, re.ASCII):
        raise ValueError(text)
    return text


def _limit(text: str) -> str:
    if not _LIMIT.fullmatch(text):
        raise ValueError(text)
    return text


def _access(text: str) -> tuple[str, ...]:
    given = [word.strip() for word in text.split(",")]
    if not set(given) <= set(TOEGANG):
        raise ValueError(text)
    return tuple(word for word in TOEGANG if word in given)


def _origins(text: str) -> tuple[str, ...]:
    return tuple(_uri("https", "http")(one.strip()) for one in text.split(","))


_A_TIME: Final = "a number of seconds from 0.1 to 60, such as 2 or 0.5"
VARIABLES: Final = (
    Variable("DEELWIJZER_ENGINE", "engine", _one_of(*NAMES), f"one of {', '.join(NAMES)}", "which engine decides"),
    Variable("DEELWIJZER_POLICIES", "policies", Path, "a folder", "the rules, one folder per regime"),
    Variable("DEELWIJZER_FACTS", "facts", Path, "a folder", "the vocabulary and the tables of the law"),
    Variable("DEELWIJZER_CACHE", "cache", Path, "a folder", "where the verdict of the start-up check is kept"),
    Variable(
        "DEELWIJZER_WETTEKSTEN", "law_texts", Path, "a folder",
        "official texts of the laws (XML of the Basiswettenbestand), shown beside the rules; absent: none",
    ),
    Variable("HOST", "host", str, "an address", "the address the service listens on"),
    Variable("PORT", "port", _number(0, 65535), "a number from 0 to 65535", "the port the service listens on"),
    Variable("DEELWIJZER_WORKERS", "workers", _number(1, 64), "a number from 1 to 64", "how many processes answer"),
    Variable(
        "DEELWIJZER_BASIS_URL", "base_url", _uri("https", "http"), "an address such as https://deelwijzer.gemeente.nl",
        "the address under which callers know the service; stands in AuthZEN's metadata",
    ),
    Variable("DEELWIJZER_LEES_SECONDEN", "read_seconds", _seconds, _A_TIME, "how long the body of a call may take"),
    Variable("DEELWIJZER_VRAAG_SECONDEN", "query_seconds", _seconds, _A_TIME, "how long a developer's query may take"),
    Variable("DEELWIJZER_ADVIES_SECONDEN", "advice_seconds", _seconds, _A_TIME, "how long one advice may take"),
    Variable(
        "DEELWIJZER_AFNAME_SECONDEN", "answer_seconds", _seconds, _A_TIME,
        "how long a caller may take to read an answer",
    ),
    Variable(
        "DEELWIJZER_GELIJKTIJDIG", "most_calls", _number(1, 10000), "a number from 1 to 10000",
        "how many calls a process answers at once",
    ),
    Variable(
        "DEELWIJZER_VERBINDINGEN", "most_connections", _number(1, 10000), "a number from 1 to 10000",
        "how many connections a process keeps",
    ),
    Variable(
        "DEELWIJZER_ONDERWEG_MIB", "most_underway_mib", _number(1, 4096), "a number from 1 to 4096",
        "how many MiB of answers may wait for callers to read them, and of long questions to be whole, per process",
    ),
    Variable(
        "DEELWIJZER_RUST_SECONDEN", "idle_seconds", _number(1, 3600), "a number of seconds from 1 to 3600",
        "how long a connection without a question stays open after an answer; longer than the proxy keeps it",
    ),
    Variable(
        "DEELWIJZER_LOG_URL", "log_url", _log_url,
        f"sqlite:///folder/name.db, postgresql://user:password@host/name, or {NO_LOG}", "where decisions are recorded",
    ),
    Variable(
        "DEELWIJZER_LOG_INHOUD", "log_content", _one_of("volledig", "afdruk"), "one of volledig, afdruk",
        "whether the log keeps questions and answers, or only a salted commitment to them",
    ),
    Variable("DEELWIJZER_LOG_SECONDEN", "log_seconds", _seconds, _A_TIME, "how long a call waits for its record"),
    Variable(
        "DEELWIJZER_BEWAARTERMIJN_DAGEN", "retention_days", _number(1, 36500), "a number of days from 1 to 36500",
        "after how many days records are purged, every hour; absent: never",
    ),
    Variable(
        "DEELWIJZER_VERWERKING", "processing_activity", _processing_activity, "a URI without spaces",
        "the entry in the register of processing activities (AVG 30) that each advice falls under",
    ),
    Variable(
        "DEELWIJZER_TOEGANG", "access", _access, f"{', '.join(TOEGANG)}, or both with a comma",
        "how callers show who they are; absent: only this machine is answered",
    ),
    Variable("DEELWIJZER_JWKS", "jwks", _jwks, "a file or an https address", "the keys that sign bearer tokens"),
    Variable("DEELWIJZER_JWT_ISSUER", "jwt_issuer", str, "a text", "the issuer (iss) a bearer token must have"),
    Variable("DEELWIJZER_JWT_AUDIENCE", "jwt_audience", str, "a text", "the audience (aud) a bearer token must have"),
    Variable(
        "DEELWIJZER_LIMIET", "rate_limit", _limit, "a number per second, minute or hour, such as 600/minute",
        "how often one caller may ask, per process",
    ),
    Variable(
        "DEELWIJZER_LIMIET_BEZOEK", "visit_limit", _limit, "a number per second, minute or hour, such as 600/minute",
        "how often one address may read what is open to anyone, per process",
    ),
    Variable("DEELWIJZER_CORS", "cors", _origins, "addresses with commas between", "origins whose pages may ask"),
    Variable(
        "DEELWIJZER_OTLP", "otlp", _uri("https", "http"), "an address such as http://collector:4318",
        "where traces are sent (OTLP over HTTP); absent: nowhere",
    ),
)  # fmt: skip
