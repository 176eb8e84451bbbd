"""Never writing to a mailbox again. Whoever has a mail of ours has the link for it, and for taking it back.

The link holds the blind index of the mailbox, signed: it works when comment, contact and subscription are long gone. Asking
for mail again, which anybody can do with anybody's address, takes nothing back.
"""

import contextlib
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import BinaryField, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone

from comments.models import Contact, NoMail, Subscription
from comments.models.contact import INDEX_LENGTH, LostKey, mailbox_indexes, opened
from mail import outbox
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


def under_newer_keys(mailbox: str, contacts: QuerySet) -> set[str]:
    """Return the indexes that a mailbox has now among these contacts, when it was named by one under a former key.

    Which one follows another nobody can tell from them alone: every address is opened for it. One that cannot be is none.
    """
    found = set()
    if len(settings.CONTACT_INDEX_KEYS) > 1:
        rows = contacts.exclude(mailbox=mailbox).annotate(token=Cast("address", BinaryField())).values_list("mailbox", "token")
        for newer, token in rows.distinct().iterator():
            with contextlib.suppress(LostKey):
                if mailbox in mailbox_indexes(opened(bytes(token))):
                    found.add(newer)
    return found


def is_refused(mailbox: str | None) -> bool:
    """Return whether whoever has a link for this mailbox has refused all mail."""
    return mailbox is not None and is_unwanted([mailbox, *_refused_since(mailbox)])


def _refused_since(mailbox):
    return under_newer_keys(mailbox, Contact.objects.filter(mailbox__in=NoMail.objects.values("mailbox")))


def is_unwanted(mailboxes: Iterable[str | None]) -> bool:
    """Return whether nothing may be sent there; a mailbox has an index under each of CONTACT_INDEX_KEYS."""
    return NoMail.objects.filter(mailbox__in=list(mailboxes)).exists()


@transaction.atomic
def refuse(mailbox: str | None) -> None:
    """Never write there again, and end what was wanted. Twice is the same as once; None is nobody."""
    if mailbox:
        _refuse(mailbox)
        if len(settings.CONTACT_INDEX_KEYS) > 1:
            outbox.add("refused", {"mailbox": mailbox}, key=f"refused:{mailbox}")


def refuse_under_newer_keys(payload: dict) -> None:
    """End also what is wanted by a mailbox that a link names by a former key; this looks at every address that gets mail."""
    wanting = Contact.objects.filter(pk__in=Subscription.objects.filter(ended_at=None).values("contact"))
    for mailbox in under_newer_keys(payload["mailbox"], wanting):
        _refuse(mailbox)


@transaction.atomic
def _refuse(mailbox):
    NoMail.objects.get_or_create(mailbox=mailbox)
    wanted = Subscription.objects.filter(contact__mailbox=mailbox, ended_at=None)
    wanted.update(ended_at=timezone.now(), asking=None)


def allow(mailbox: str | None) -> None:
    """Take the refusal back: mail that is asked for from now on goes out again."""
    if mailbox:
        NoMail.objects.filter(mailbox__in=[mailbox, *_refused_since(mailbox)]).delete()
