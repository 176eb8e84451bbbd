"""The text of a post -> the parts of an article: title, summary, Need To Know, body, who reviewed it. Pure.

`blocks` and `shortcodes` undo what WordPress writes between the words, `markup` mends the HTML, `parts` takes it apart.
"""

from lupussite.wordpress.content.parts import Parts, Surroundings, of_page, of_post

__all__ = ["Parts", "Surroundings", "of_page", "of_post"]
