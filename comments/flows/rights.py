"""What a person may ask of us without an account: to see everything that is kept, correct a name, take back, erase all.

An address is typed; if it is known, one mail goes there with a link that works once, within an hour. Whoever typed it gets the
same answer in the same time. A privacy officer opens the same page for a letter that came by post.
"""

import datetime
import secrets

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.flows import addresses, erasing, held, moderation, no_mail, watch_list
from comments.flows.secret_links import secret_link
from comments.models import Comment, CommentEvent, Contact, DataRequest, State
from comments.models.contact import blind_indexes
from comments.screening import Submission, is_read_first, lane_of, prepare
from mail import outbox
from mail.message import message
from web import limits
from web.network import day_tag
from web.tokens import is_secret_of, secret_of

# How long the link of the mail works, and then the page it leads to.
LASTS = datetime.timedelta(minutes=60)
# From one network, whatever the addresses; and to one mailbox in a day.
LIMITS = [(10, 600), (30, 86400)]
MAILS_A_DAY = 3
PAGE = "comments.rights.page"


def contact_of(address: str) -> int | None:
    """Return the key of the contact with this address in any spelling, None when there is none; one query either way."""
    known = Contact.objects.filter(index__in=blind_indexes(address)).order_by("pk")
    return known.values_list("pk", flat=True).first()


@transaction.atomic
def ask(address: str, *, network: str) -> None:
    """Have a link sent to an address, if it is known: what is done here is the same for every other. Raises limits.TooMany."""
    limits.take_of_network("rights", network, timezone.localdate(), LIMITS if settings.COMMENT_LIMITS else [])
    outbox.add("rights", {"contact": contact_of(address)})


def send_link(payload: dict) -> None:
    """Send the link, a few times a day to one mailbox."""
    contact = payload["contact"] and Contact.objects.defer("address").filter(pk=payload["contact"]).first()
    if not contact:
        return
    try:
        limits.take([day_tag("rights", contact.mailbox, timezone.localdate())], [(MAILS_A_DAY, 86400)])
    except limits.TooMany:
        return
    asked = DataRequest.objects.create(contact=contact)
    never = no_mail.link_of(contact.pk)
    context = {"page": secret_link(asked, "rights"), "minutes": int(LASTS.total_seconds() // 60)}
    mail = message(_("What we keep about you"), "comments/mail/rights.txt", context, occasion=f"rights:{asked.pk}", end=never)
    addresses.send(contact.pk, mail)


@transaction.atomic
def search(address: str, *, by, reason: str) -> DataRequest:
    """Look for a person by the address in a letter, note who did and why, and open their page if there is one.

    Raises PermissionDenied without the role, ValueError without a reason.
    """
    if not by.has_by_role("comments.reveal_contact"):
        raise PermissionDenied(_("Only a privacy officer can search by an email address."))
    if not reason.strip():
        raise ValueError(_("Please give a reason. It's kept in the log."))
    asked = DataRequest.objects.create(contact_id=contact_of(address), by=by, reason=reason.strip())
    use(asked)
    asked.refresh_from_db()
    return asked


def can_be_used(asked: DataRequest) -> bool:
    """Return whether the link of the mail still leads to the page."""
    return asked.contact_id is not None and asked.opened_at is None and asked.created_at > timezone.now() - LASTS


def use(asked: DataRequest) -> bool:
    """Use the link up, and return whether it was still good; of two at once, one is."""
    now = timezone.now()
    good = DataRequest.objects.filter(pk=asked.pk, contact__isnull=False, opened_at=None, created_at__gt=now - LASTS)
    return bool(good.update(opened_at=now, opening=secrets.token_hex()))


def token_of(asked: DataRequest) -> str:
    """Return the secret of the page, which the link in the mail does not give."""
    return secret_of(PAGE, asked.nonce + asked.opening)


def is_open(asked: DataRequest, token: str) -> bool:
    """Return whether the page with this secret is open."""
    is_fresh = asked.contact_id is not None and asked.opened_at is not None and asked.opened_at > timezone.now() - LASTS
    return is_fresh and is_secret_of(PAGE, asked.nonce + asked.opening, token)


def comments_of(asked: DataRequest) -> QuerySet:
    """Return the comments of the person, the newest first."""
    return held.comments_of(asked.contact_id)


@transaction.atomic
def correct_name(asked: DataRequest, pk: int, name: str) -> None:
    """Put another name under a comment. A public one waits for a moderator again: nobody approved it with this name.

    Raises Comment.DoesNotExist for somebody else's.
    """
    prepare()
    comment = comments_of(asked).select_for_update(of=("self",), no_key=True).get(pk=pk)
    if comment.name == name:
        return
    contact = Contact.objects.defer("address").get(pk=asked.contact_id)
    known = watch_list.known_of(contact, comment.text_digest, besides=pk)
    signals = watch_list.screened(Submission(name=name, email="", body=comment.body), known, watch_list.current())
    lane = comment.lane if comment.lane in moderation.SENSITIVE else lane_of(signals)
    moderation.move(
        comment,
        State.HIDDEN if comment.state == State.APPROVED else comment.state,
        CommentEvent.Kind.CHANGED,
        actor=asked.by,
        name=name,
        lane=lane,
        read_first=comment.read_first or is_read_first(signals),
        **watch_list.kept(signals),
        repeat_key=None,
    )


def take_back(asked: DataRequest, pk: int) -> None:
    """Take one comment back; raises Comment.DoesNotExist for somebody else's."""
    _erase(asked, comments_of(asked).get(pk=pk))


def erase_everything(asked: DataRequest) -> int:
    """Take back every comment of the person, in whatever state, and forget the address; return how many comments those were."""
    contact, number = asked.contact_id, 0
    for comment in Comment.objects.filter(contact=contact).only("pk").order_by("pk"):
        _erase(asked, comment)
        number += 1
    addresses.forget_unused(contact)
    outbox.add("empty_log", key="empty_log")
    return number


def _erase(asked, comment):
    if asked.by:
        erasing.erase(comment, by=asked.by, reason=asked.reason)
    else:
        erasing.withdraw(comment)
