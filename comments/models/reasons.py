"""Why a comment is rejected, and the one kind sentence that its author is told."""

from django.db import models


class Reason(models.TextChoices):
    """Why a comment was rejected."""

    PERSONAL = "personal", "Personal details"
    SOMEONE_ELSE = "someone-else", "Someone else's details"
    UNSOURCED = "unsourced", "Medical claim without source"
    TREATMENT = "treatment", "Advice to change treatment"
    SELLING = "selling", "Selling"
    OFF_TOPIC = "off-topic", "Off topic"
    UNKIND = "unkind", "Unkind"
    DUPLICATE = "duplicate", "Duplicate"
    OTHER = "other", "Other"


SENTENCES = {
    Reason.PERSONAL: (
        "It had details by which strangers could find you. This page is public, so we would rather keep them off it; "
        "you are welcome to send your words again without them."
    ),
    Reason.SOMEONE_ELSE: (
        "It told something private about another person. They may not want it read by everybody; "
        "you are welcome to tell it again so that nobody can be recognised."
    ),
    Reason.UNSOURCED: (
        "It said something medical that we could not check. If you know where it stands, send it again with the source; "
        "what you lived through yourself needs none."
    ),
    Reason.TREATMENT: (
        "It could lead somebody to change a treatment without their doctor, and what helps one person can harm another. "
        "How you yourself are doing is always welcome."
    ),
    Reason.SELLING: "It read like an offer or an advertisement. We publish none, so that everybody can trust what stands here.",
    Reason.OFF_TOPIC: (
        "It was about something else than this article. It may well fit under another one, and you are welcome to send it there."
    ),
    Reason.UNKIND: (
        "Some of it could hurt others who read here. We understand that days can be hard; "
        "you are welcome to say it again in gentler words."
    ),
    Reason.DUPLICATE: "The same words came to us twice. One of them is enough, and nothing of yours is missing.",
    Reason.OTHER: "It did not fit the comment rules. Thank you for writing all the same; you are welcome to try once more.",
}


def sentence(reason: str) -> str:
    """Return the sentence for a reason, "" for none."""
    return SENTENCES.get(reason, "")
