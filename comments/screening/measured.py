"""How often the sorting is wrong: the one place from which the comment rules and the handbook take their figures.

`bench/screening.py` measures them anew. Nothing was learned from these texts, and no phrase was written for them.
"""

from typing import NamedTuple


class Measured(NamedTuple):
    """Of so many texts: how many come into the urgent lane, are read first in another one, or come to likely spam."""

    texts: int
    urgent: int
    read_first: int
    spam: int

    @property
    def missed(self) -> int:
        """How many are neither urgent nor read first."""
        return self.texts - self.urgent - self.read_first


# Real texts of bench/README.md that are no spam; the cries for help are invented, those of bench/unseen.
ORDINARY = Measured(texts=3_927, urgent=43, read_first=266, spam=17)
CRIES = Measured(texts=55, urgent=46, read_first=8, spam=0)
