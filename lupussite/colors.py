"""The eight pairs of colors that the owner can choose from, each in light and in dark; tests/test_colors.py measures them.

Each but the first, which is that of the style sheet itself, is a file `lupussite/colors/<value>.css` beside it. Green, ochre,
blue and brick say what a review is worth, so they are the same in all.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Colors(TextChoices):
    """What links, buttons and rules have, and the ground below."""

    DAMSON = "damson", _("Damson and stone")
    VIOLET = "violet", _("Violet and chalk")
    INDIGO = "indigo", _("Indigo and mist")
    LAKE = "lake", _("Lake and linen")
    TEAL = "teal", _("Teal and sand")
    OLIVE = "olive", _("Olive and paper")
    UMBER = "umber", _("Umber and cream")
    SLATE = "slate", _("Slate and pearl")


# What of each stands outside the style sheets: (ground, color of links) in light and in dark.
SAMPLES = {
    Colors.DAMSON: (("#f2f0ea", "#7a2857"), ("#1c141a", "#dbacc1")),
    Colors.VIOLET: (("#f0eff3", "#613482"), ("#19151d", "#c8aee0")),
    Colors.INDIGO: (("#ecf0f5", "#3a4191"), ("#15171f", "#acb7eb")),
    Colors.LAKE: (("#f3efe8", "#004e73"), ("#10181e", "#97c1dd")),
    Colors.TEAL: (("#f3f0e7", "#015256"), ("#111919", "#99c4c6")),
    Colors.OLIVE: (("#f1f0e9", "#454f0f"), ("#161811", "#b7c09b")),
    Colors.UMBER: (("#f5efe6", "#6d3d17"), ("#1c1611", "#d5b39c")),
    Colors.SLATE: (("#eef0f2", "#3e4b5a"), ("#161719", "#b2bcc6")),
}


def style_sheet(colors: str) -> str:
    """Return the name of the file that comes after the style sheet, or nothing."""
    return "" if colors == Colors.DAMSON else f"lupussite/colors/{colors}.css"
