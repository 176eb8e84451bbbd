"""Covering a part of a person's words with words that say so: the only way in which anybody but the author changes them."""

import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comments.flows import moderation
from comments.flows.moderation import InvalidMove
from comments.models import Comment, CommentEvent, Redaction, State, digest_of

KEPT_FOR = datetime.timedelta(days=7)
# Where somebody sees the words, or will; what is rejected or spam is erased as a whole.
STATES = {State.PENDING, State.APPROVED, State.HIDDEN}
# The kind that a signal of screening suggests.
KIND_OF_SIGNAL = {
    "personal_email": Redaction.Kind.EMAIL,
    "personal_phone": Redaction.Kind.PHONE,
    "personal_address": Redaction.Kind.ADDRESS,
    "personal_birthdate": Redaction.Kind.BIRTH_DATE,
    "personal_record": Redaction.Kind.RECORD,
    "third_party_health": Redaction.Kind.NAME,
}


@transaction.atomic
def redact(comment: Comment, *, start: int, end: int, kind: str, version: int, by) -> CommentEvent:
    """Put "[phone number removed by a moderator]" in place of body[start:end], code points, for readers at once.

    What stood there is kept for seven days. Raises PermissionDenied, also where only a clinician decides; Conflict when the
    comment is not the version that the moderator saw; InvalidMove when the part is not one or touches an earlier redaction.
    """
    comment = moderation.seen(comment, version, by)
    moderation.check_lane(comment, by)
    _check_state(comment)
    if not 0 <= start < end <= len(comment.body) or not comment.body[start:end].strip():
        raise InvalidMove(_("Choose the words to cover."))
    if kind not in Redaction.Kind.values:
        raise InvalidMove(_("Choose what kind of detail it is."))
    if any(start < place.start + len(str(place)) and place.start < end for place in comment.redactions.all()):
        raise InvalidMove(_("Part of this is already covered."))
    cover = Redaction(comment=comment, kind=kind, start=start, original=comment.body[start:end], made_by=by)
    event = _replace(comment, start, end, str(cover), detail=cover.get_kind_display(), by=by)
    cover.save()
    return event


@transaction.atomic
def restore(redaction: Redaction, *, version: int, by) -> CommentEvent:
    """Put the original words back, within seven days; raises like `redact`.

    While a comment is public only what its approval had shown comes back: nobody approved the rest in these words.
    """
    comment = moderation.seen(redaction.comment, version, by)
    moderation.check_lane(comment, by)
    _check_state(comment)
    redaction = comment.redactions.select_for_update().filter(pk=redaction.pk).first()
    # The daily job destroys it some hours later.
    if redaction is None or not redaction.original or timezone.now() - redaction.made_at > KEPT_FOR:
        raise InvalidMove(_("The original words have been deleted."))
    if comment.state == State.APPROVED and redaction.made_at < comment.decided_at:
        raise InvalidMove(
            _(
                "The comment was approved with these words covered. To restore them, hide the comment first. "
                "Then restore the words and approve it again."
            )
        )
    start, end = redaction.start, redaction.start + len(str(redaction))
    original, detail = redaction.original, gettext_noop("restored: {kind}").format(kind=redaction.get_kind_display())
    redaction.delete()
    return _replace(comment, start, end, original, detail=detail, by=by)


def destroyable(now: datetime.datetime) -> QuerySet[Redaction]:
    """Return the redactions whose original words have had their seven days."""
    return Redaction.objects.filter(made_at__lt=now - KEPT_FOR).exclude(original="")


def destroy(keys: list[int], now: datetime.datetime) -> int:
    """Destroy the original words of these, if their seven days are over; return how many."""
    return destroyable(now).filter(pk__in=keys).update(original="", destroyed_at=now)


def occurrences(text: str, words: str) -> list[tuple[int, int]]:
    """Return where exactly these words stand, as [start, end) code points, without overlaps."""
    found, start = [], text.find(words) if words else -1
    while start >= 0:
        found.append((start, start + len(words)))
        start = text.find(words, start + len(words))
    return found


def moved_signals(signals: list[dict], start: int, end: int, by: int) -> list[dict]:
    """Return stored signals for a text in which [start, end) was replaced and what follows moved by so many code points.

    Marks that touched the replaced part go. A personal detail goes with its last mark, and so does what quotes the words, such
    as the host of a link.
    """
    moved = []
    for signal in signals:
        spans = [
            span if span[1] <= start else [span[0] + by, span[1] + by]
            for span in signal.get("spans", [])
            if span[1] <= start or span[0] >= end
        ]
        if signal.get("spans") and not spans and (signal["code"].startswith("personal_") or signal.get("detail")):
            continue
        moved.append(signal | {"spans": spans})
    return moved


def _replace(comment, start, end, words, *, detail, by):
    """Replace a part of the words in one move, and take along what stands behind it."""
    body = comment.body[:start] + words + comment.body[end:]
    shift = len(words) - (end - start)
    comment.redactions.filter(start__gte=end).update(start=F("start") + shift)
    signals = moved_signals(comment.signals, start, end, shift)
    return moderation.move(
        comment,
        comment.state,
        CommentEvent.Kind.REDACTED,
        actor=by,
        detail=detail,
        body=body,
        signals=signals,
        text_digest=digest_of(body),
    )


def _check_state(comment):
    if comment.state not in STATES:
        raise InvalidMove(_("This comment is “{state}”. Readers can't see it.").format(state=comment.get_state_display()))
