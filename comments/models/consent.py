"""What a person agrees to by sending a comment: the sentence above the button, and every earlier one.

A comment keeps the number of the sentence that its author saw, and when. A new sentence gets a new number; the old ones stay, for
they are what earlier authors agreed to.
"""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    1: _(
        "By sending this comment, you agree that we keep it, including what it says about your health, and publish it with the "
        "name you gave once a moderator has approved it. You can take it back at any time."
    ),
}
CURRENT = max(SENTENCES)


def version_of(served: str) -> int:
    """Return the number of the sentence that a form was served with; of a form that says none, the current one."""
    return int(served) if served in map(str, SENTENCES) else CURRENT
