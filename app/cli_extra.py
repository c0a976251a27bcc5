"""The extra `analyse`: whether it is there, said in the same words by each command that needs it.

Goes in: nothing. Comes out: whether diagrams can be made here. Must not know: what a command does with them.
"""

from __future__ import annotations

import importlib.util
import sys


def has_diagrams(doing: str) -> bool:
    """Whether decision diagrams can be made here; where not, say on stderr what doing this needs."""
    if importlib.util.find_spec("dd") is not None and importlib.util.find_spec("dd.cudd") is not None:
        return True
    print(
        f"{doing} heeft een extra nodig: pip install 'deelwijzer[analyse]', met een wheel van dd waar CUDD in zit"
        " (Linux, macOS)",
        file=sys.stderr,
    )
    return False
