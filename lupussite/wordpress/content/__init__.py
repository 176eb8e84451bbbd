"""The text of a post -> the parts of an article: title, summary, Need To Know, body, who reviewed it. Pure.

`blocks` and `shortcodes` undo what WordPress writes between the words, `figures` and `markup` mend the HTML, `parts` takes it
apart.
"""

from lupussite.wordpress.content.figures import Shown
from lupussite.wordpress.content.parts import Beside, Parts, Surroundings, of_page, of_post

__all__ = ["Beside", "Parts", "Shown", "Surroundings", "of_page", "of_post"]
