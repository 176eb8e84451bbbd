"""The only place that opens an email address: to reveal it with a reason, to write to it, to forget it."""

import contextlib
import copy
import logging
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from comments.flows import no_mail
from comments.models import CommentEvent
from comments.models.contact import Contact, LostKey, mailbox_indexes
from web.hosts import ascii_host

log = logging.getLogger("comments.addresses")


@transaction.atomic
def reveal(comment, *, by, reason: str) -> str:
    """Return the address behind a comment, after the reason, the person and the time are in its history.

    Raises PermissionDenied without the role that gives `comments.reveal_contact`, which owners need too, ValueError without a
    reason, Contact.DoesNotExist when there is no address (any more), LostKey when it cannot be opened.
    """
    if not by.has_by_role("comments.reveal_contact"):
        raise PermissionDenied(_("Only a privacy officer can see an email address."))
    if not reason.strip():
        raise ValueError(_("Please give a reason. It's kept in the comment's history."))
    if comment.contact_id is None:
        raise Contact.DoesNotExist
    address = Contact.objects.values_list("address", flat=True).get(pk=comment.contact_id)
    CommentEvent.objects.log(
        comment,
        kind="revealed",
        actor=by,
        before=comment.state,
        after=comment.state,
        version=comment.version,
        note=reason.strip(),
    )
    return address


class NotSent(Exception):
    """A mail did not go out; the text is the kind of error alone, for what a mail server says may hold the address."""


def domain(pk: int) -> str:
    """Return where the mail of a contact goes, without who it is; raises Contact.DoesNotExist as `send`."""
    address = Contact.objects.values_list("address", flat=True).get(pk=pk)
    return ascii_host(address.strip().rpartition("@")[2].casefold())


def mailboxes(pk: int) -> set[str]:
    """Return the blind indexes that a contact's mailbox may be known by: the one in its row, and one under each key.

    With a lost key there is the one in the row alone. Raises Contact.DoesNotExist.
    """
    known = {Contact.objects.values_list("mailbox", flat=True).get(pk=pk)}
    with contextlib.suppress(LostKey):
        known.update(mailbox_indexes(Contact.objects.values_list("address", flat=True).get(pk=pk)))
    return known


def send(pk: int, message: EmailMessage) -> bool:
    """Send a mail to a contact and return whether it did: nothing goes to a mailbox that never wants mail.

    The caller's message never holds the address.

    Raises NotSent when it did not go out, Contact.DoesNotExist when there is no address (any more).
    """
    mail = copy.copy(message)
    contact = Contact.objects.only("address", "mailbox").get(pk=pk)
    if no_mail.is_unwanted({contact.mailbox, *mailbox_indexes(contact.address)}):
        return False
    mail.to = [contact.address]
    try:
        mail.send()
    except Exception as error:
        log.warning("a mail was not sent (%s)", type(error).__name__)
        raise NotSent(type(error).__name__) from None
    return True


@transaction.atomic
def delete_among(keys: Iterable[int], unneeded: models.QuerySet) -> int:
    """Delete the contacts that are among the unneeded ones, and return how many those were.

    Asked again with the rows held: deleting takes a contact away from its comments, and one may have come in just now.
    """
    held = list(Contact.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))
    gone = list(unneeded.filter(pk__in=held).values_list("pk", flat=True))
    # Without the address: deleting must work even when a key was lost.
    return Contact.objects.filter(pk__in=gone).defer("address").delete()[1].get(Contact._meta.label, 0)


def forget_unused(key: int | None) -> None:
    """Delete a contact that no comment refers to any more."""
    if key is None:
        return
    try:
        delete_among([key], Contact.objects.filter(comments=None))
    except IntegrityError:
        return  # The same person has just sent another comment.
