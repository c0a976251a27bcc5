"""What a proof says of a fact that rests on no rule, and of a condition told before.

Goes in: nothing. Comes out: sentences. Must not know: which facts they are said of.
"""

from __future__ import annotations

STATED = "Dit hebt u gezegd."
LISTED = "Staat in de regels."
NOT_LISTED = "Staat niet in de regels."
NOT_STATED = "U hebt dit niet gezegd; dat telt hier als nee."
COMPUTED = "Volgt uit de getallen of datums."
POSSIBLY = "Dit is mogelijk, maar niet zeker."
NOT_CERTAIN = "Dit is niet zeker."
OPEN = "Nog niet bekend."
SHOWN = "Dit is hierboven al uitgelegd."
