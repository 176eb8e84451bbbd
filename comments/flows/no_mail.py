"""Never writing to a mailbox again. Whoever has a mail of ours has the link for it, and for taking it back.

The link holds the blind index of the mailbox, signed: it works when comment, contact and subscription are long gone. Asking
for mail again, which anybody can do with anybody's address, takes nothing back.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from comments.models import Contact, NoMail, Subscription
from comments.models.contact import INDEX_LENGTH
from mail.message import link
from web.tokens import is_secret_of, secret_of

PURPOSE = "comments.mail.mailbox"


def token_of(contact: int) -> str:
    """Return what the links in a mail hold: the blind index of the mailbox, signed; raises Contact.DoesNotExist."""
    mailbox = Contact.objects.values_list("mailbox", flat=True).get(pk=contact)
    return mailbox + secret_of(PURPOSE, mailbox)


def link_of(contact: int) -> str:
    """Return the full address of the page on which a contact refuses all mail; raises Contact.DoesNotExist."""
    return link("comments:mail-never", token_of(contact))


def mailbox_of(token: str) -> str | None:
    """Return the mailbox for which this token was made, None for any other text; asks no database."""
    mailbox = token[:INDEX_LENGTH]
    return mailbox if is_secret_of(PURPOSE, mailbox, token[INDEX_LENGTH:]) else None


def is_unwanted(mailboxes: Iterable[str | None]) -> bool:
    """Return whether nothing may be sent there; a mailbox has an index under each of CONTACT_INDEX_KEYS."""
    return NoMail.objects.filter(mailbox__in=list(mailboxes)).exists()


@transaction.atomic
def refuse(mailbox: str | None) -> None:
    """Never write there again, and end what was wanted. Twice is the same as once; None is nobody."""
    if mailbox:
        NoMail.objects.get_or_create(mailbox=mailbox)
        wanted = Subscription.objects.filter(contact__mailbox=mailbox, ended_at=None)
        wanted.update(ended_at=timezone.now(), asking=None)


def allow(mailbox: str | None) -> None:
    """Take the refusal back: mail that is asked for from now on goes out again."""
    NoMail.objects.filter(mailbox=mailbox).delete()
