"""How every mail of the site is made: plain text, from the site's own address, nobody to answer to, links under SITE_URL.

The secret in a link is an HMAC of its row's nonce, so that the database alone does not give it.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from comments import contacts


def secret(row, purpose: str) -> str:
    """Return the secret part of the link that opens this row for this purpose."""
    return salted_hmac(f"comments.mail.{purpose}", row.nonce, algorithm="sha256").hexdigest()[:40]


def opens(row, purpose: str, token: str) -> bool:
    """Return whether the token is the secret of this row for this purpose, in constant time."""
    return constant_time_compare(secret(row, purpose), token)


def link(name: str, *args) -> str:
    """Return the full address of a page of ours."""
    return settings.SITE_URL + reverse(name, args=args)


def secret_link(row, purpose: str) -> str:
    """Return the full address that opens this row: the page `comments:mail-<purpose>`."""
    return link(f"comments:mail-{purpose}", row.pk, secret(row, purpose))


def to_staff(address: str, subject: str, template: str, context: dict, *, occasion: str) -> None:
    """Send a notice to one person of the site; `occasion` as for `to_contact`."""
    _message(subject, template, context, headers=_number(occasion), to=[address]).send()


def to_contact(pk: int, subject: str, template: str, context: dict, *, occasion: str, end: str = "") -> None:
    """Send a mail to the contact with this key; raises contacts.NotSent, or Contact.DoesNotExist.

    `occasion` names what the mail is about, once and for ever: a worker that dies between sending and noting it sends the same
    Message-ID again, and many mail programs show that once. `end` is the address that ends such mail, by RFC 8058.
    """
    headers = _number(occasion)
    if end:
        headers |= {"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    contacts.send(pk, _message(subject, template, context | {"end": end}, headers=headers))


def _number(occasion):
    number = salted_hmac("comments.mail.message", occasion, algorithm="sha256").hexdigest()[:32]
    return {"Message-ID": f"<{number}@{urlsplit(settings.SITE_URL).hostname}>"}


def _message(subject, template, context, *, headers=None, to=()):
    context = {"SITE_NAME": settings.SITE_NAME, "SITE_URL": settings.SITE_URL} | context
    return EmailMessage(
        subject=f"{settings.SITE_NAME}: {subject}",
        body=render_to_string(f"comments/mail/{template}.txt", context),
        to=list(to),
        # RFC 3834: holiday notes and the like are not sent back.
        headers={"Auto-Submitted": "auto-generated"} | (headers or {}),
    )
