"""The HTML that writing programs put on the clipboard -> tokens that say the same in plain elements.

Word, Google Docs, LibreOffice and Pages say with styles, classes and comments of their own what readers would lose without a
word: that text is deleted, raised, bold, an item of a list, a footnote. Here it becomes elements, or is taken out and counted.
A step between the tokens and the tree of the cleaner; what has no such styles comes out as it went in. Pure.
"""

from articles.html.pasting.footnotes import with_marks
from articles.html.pasting.lists import with_lists
from articles.html.pasting.looks import with_elements
from articles.html.pasting.numbering import with_numbers
from articles.html.pasting.removals import without_removals
from articles.html.pasting.styles import Sheet
from articles.html.report import Report
from articles.html.tags import Token

__all__ = ["converted"]


def converted(tokens: list[Token], text: str, report: Report) -> list[Token]:
    """Return the tokens of a text with real lists, marks and formatting; `report` names what was taken out or changed.

    The text itself is looked at for its style sheets, which are no tokens. The time is proportional to its length.
    """
    sheet = Sheet(text)
    tokens = without_removals(tokens, sheet, report)
    tokens = with_marks(tokens, report)
    tokens = with_lists(tokens, sheet)
    tokens = with_numbers(tokens, sheet)
    return with_elements(tokens, sheet)
