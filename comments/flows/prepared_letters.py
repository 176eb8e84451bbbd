"""Words to begin a letter with, in the language of the comment; those to somebody in need name the site's help lines."""

from django.utils.translation import gettext_lazy as _

from comments.flows import letters_in_spanish
from comments.models import Comment, HelpLine
from comments.screening.languages import language_of

# Key -> (what the moderator chooses by, the words). Moderators change them before they send them.
PREPARED = {
    "care": (
        _("How are you?"),
        _(
            "Thank you for writing to us. Something in your comment stayed with us, and we'd like to know how you're doing.\n\n"
            "We're a few volunteers and a doctor, and we can't read messages around the clock. If things are hard right now, "
            "please talk to someone who can be with you, such as a friend, or call your doctor or your local emergency number."
        ),
    ),
    "details": (
        _("Personal details in the comment"),
        _(
            "Thank you for your comment. It includes details that could tell strangers who you are, or who someone else is. "
            "Anyone can read our pages, so we haven't published it.\n\n"
            "Would you like us to cover that part and publish the rest? You can also take the comment back and post it again "
            "without those details."
        ),
    ),
    "meaning": (
        _("What did you mean?"),
        _(
            "Thank you for your comment. We'd like to publish it, but we're not sure we understand one part of it.\n\n"
            "Could you tell us more about what you meant by"
        ),
    ),
    "source": (
        _("Where does this come from?"),
        _(
            "Thank you for your comment. It says something about a treatment, and other readers may act on it.\n\n"
            "Do you remember where you read or heard it? We can publish it with a source, or as your own experience."
        ),
    ),
}
HELP = _("You can reach these help lines right now:")


def prepared(key: str, comment: Comment) -> str:
    """Return the words to begin with, in English or Spanish as the comment is; "" for a key that is none."""
    language = language_of(comment.body)
    words = letters_in_spanish.PREPARED.get(key, "") if language == "es" else PREPARED.get(key, ("", ""))[1]
    lines = HelpLine.objects.all() if key == "care" else []
    if not lines:
        return str(words)
    help_words = letters_in_spanish.HELP if language == "es" else HELP
    return "\n".join([f"{words}\n", str(help_words), *(f"- {line}, {line.how}" for line in lines)])
