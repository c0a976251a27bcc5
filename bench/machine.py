"""The machine and the interpreter a run was measured on, for the head of a table.

Goes in: nothing. Comes out: lines of text, without paths of this machine. Must not know: what is measured.
"""

from __future__ import annotations

import os
import platform
import shlex
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

PACKAGES = ("fastapi", "pydantic", "uvicorn", "uvloop", "httptools", "pyDatalog")
OPTIMISED = "--enable-optimizations"
SLOWER = "built WITHOUT --enable-optimizations: expect every figure some 15% higher than with it"


@dataclass(frozen=True, slots=True)
class Build:
    """How an interpreter was compiled: its configure options, compiler level, and the three that decide its speed.

    `gotos`: whether the compiler has computed gotos, which the evaluation loop then uses unless they are switched off.
    """

    options: tuple[str, ...]
    level: str
    profiled: bool
    linked: bool
    gotos: bool
    debug: bool

    def lines(self) -> tuple[str, ...]:
        """Write it as one line, and a second one if the interpreter is slower than it could be."""
        options = " ".join(self.options) or "none"
        said = (
            f"interpreter: configure {options}; {self.level or 'no -O'}; profile-guided {_yes(self.profiled)}, "
            f"LTO {_yes(self.linked)}, computed gotos {_yes(self.gotos)}, debug {_yes(self.debug)}"
        )
        return (said,) if self.profiled else (said, SLOWER)


def build_of(variables: Mapping[str, Any]) -> Build:
    """Read how an interpreter was built from the variables that `sysconfig` has of it."""
    options = [one for one in shlex.split(str(variables.get("CONFIG_ARGS") or "")) if one.startswith("--")]
    flags = " ".join(str(variables.get(name) or "") for name in ("OPT", "PY_CFLAGS", "CONFIGURE_CFLAGS_NODIST")).split()
    levels = [one for one in flags if one.startswith("-O")]
    used = variables.get("USE_COMPUTED_GOTOS")
    return Build(
        options=tuple(one for one in options if os.sep not in one),  # folders differ per machine and cost nothing
        level=levels[-1] if levels else "",
        profiled=OPTIMISED in options,
        linked=any(one.startswith("--with-lto") and not one.endswith("=no") for one in options) or "-flto" in flags,
        gotos=bool(used or variables.get("HAVE_COMPUTED_GOTOS")) and "--without-computed-gotos" not in options,
        debug=bool(variables.get("Py_DEBUG")),
    )


def head() -> str:
    """Write the machine, the interpreter and its build, the packages that matter, and how busy the machine is."""
    packages = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    machine = (
        f"{cores()} cores ({_processor()}), {platform.system()} {platform.machine()}, "
        f"{platform.python_implementation()} {platform.python_version()}, {packages}; load {busy()}"
    )
    return "\n".join((machine, *build_of(sysconfig.get_config_vars()).lines()))


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def busy() -> str:
    """Return the system's load over the last minute."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _yes(value: bool) -> str:
    return "yes" if value else "no"
