"""What a caller wants beside the advice itself.

Goes in: nothing. Comes out: `Extras`, the same for HTTP, a series, the command line and the replay of the log.
Must not know: how a caller asks for it, or how it is made.
"""

from __future__ import annotations

from typing import Final

from app.record import record


@record
class Extras:
    """`uitleg`: the derivation of each advice. `kantelpunten`: the fields whose other value changes its oordeel.

    `stromen`: all flows that the law lets happen, also beside the advices about delingen.
    """

    uitleg: bool = False
    kantelpunten: bool = False
    stromen: bool = False

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return self.uitleg or self.kantelpunten or self.stromen


NO_EXTRAS: Final = Extras()
