"""Why a comment is rejected, and the one kind sentence that its author is told."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why a comment was rejected."""

    PERSONAL = "personal", _("Personal details")
    SOMEONE_ELSE = "someone-else", _("Someone else's details")
    UNSOURCED = "unsourced", _("Medical claim without a source")
    TREATMENT = "treatment", _("Advice to change treatment")
    SELLING = "selling", _("Selling")
    OFF_TOPIC = "off-topic", _("Off topic")
    UNKIND = "unkind", _("Unkind")
    DUPLICATE = "duplicate", _("Duplicate")
    OTHER = "other", _("Other")


SENTENCES = {
    Reason.PERSONAL: _(
        "It included details that could tell strangers who you are. Anyone can read this page, so we'd rather leave them out. "
        "You're welcome to send your comment again without them."
    ),
    Reason.SOMEONE_ELSE: _(
        "It said something private about another person, who may not want everyone to read it. "
        "You're welcome to send it again without anything that could identify them."
    ),
    Reason.UNSOURCED: _(
        "It said something medical that we couldn't check. If you know the source, send it again with the source. "
        "Your own experience doesn't need one."
    ),
    Reason.TREATMENT: _(
        "It could lead someone to change a treatment without their doctor, and what helps one person can harm another. "
        "We're always glad to hear how you're doing."
    ),
    Reason.SELLING: _("It read like an ad. We don't publish ads, so that everyone can trust what they read here."),
    Reason.OFF_TOPIC: _("It wasn't about this article. It may fit another one, and you're welcome to send it there."),
    Reason.UNKIND: _(
        "Some of it could hurt other readers. We know some days are hard. You're welcome to say it again in kinder words."
    ),
    Reason.DUPLICATE: _("We already have this same comment from you, so nothing is lost."),
    Reason.OTHER: _("It didn't follow our comment rules. Thank you for writing. You're welcome to try again."),
}


def sentence(reason: str) -> str:
    """Return the sentence for a reason, "" for none."""
    return SENTENCES.get(reason, "")
