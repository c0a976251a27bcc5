"""The command line's own words in Dutch: Python's are English, and half a sentence of each reads badly.

Goes in: what argparse says. Comes out: the same in Dutch. Must not know: any command.
"""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any, Final, NoReturn

MISUSED: Final = 2
_FAULTS: Final = (
    (r"the following arguments are required: (.*)", r"dit ontbreekt: \1"),
    (r"unrecognized arguments: (.*)", r"dit kan hier niet: \1"),
    (r"ambiguous option: (\S+) could match (.*)", r"\1 kan meer betekenen: \2"),
    (r"argument (\S+): expected one argument", r"\1: hier hoort één waarde bij"),
    (r"argument (\S+): expected at least one argument", r"\1: hier hoort een waarde bij"),
    (r"argument (\S+): ignored explicit argument .*", r"\1: hier hoort geen waarde bij"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 en \2 kunnen niet samen"),
    (r"argument (\S+): invalid choice: (.+?) \(choose from (.*)\)", r"\1: \2 bestaat niet; kies uit \3"),
    (r"argument (\S+): invalid int value: (.*)", r"\1: \2 is geen getal"),
    (r"argument (\S+): (.*)", r"\1: \2"),
)
"""What can be wrong with arguments, and how that is said; a message of our own is Dutch already."""


class Help(argparse.HelpFormatter):
    """Help that begins in Dutch."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Add how the command is used."""
        super().add_usage(usage, actions, groups, "gebruik: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser of arguments that speaks Dutch; the parsers under it do too."""

    def __init__(self, **named: Any) -> None:
        super().__init__(**{"formatter_class": Help, **named, "add_help": False})
        self._positionals.title = "argumenten"
        self._optionals.title = "opties"
        self.add_argument("-h", "--help", action="help", help="toon deze hulp")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments, and stop."""
        self.print_usage(sys.stderr)
        self.exit(MISUSED, f"{self.prog}: {in_dutch(message)}\n")


def in_dutch(message: str) -> str:
    """Say in Dutch what is wrong with arguments.

    >>> in_dutch("the following arguments are required: --naam")
    'dit ontbreekt: --naam'
    """
    for pattern, words in _FAULTS:
        if re.fullmatch(pattern, message, re.DOTALL):
            return re.sub(pattern, words, message, flags=re.DOTALL)
    return message
