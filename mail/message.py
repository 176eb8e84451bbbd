"""How every mail of the site is made: plain text, from the site's own address, nobody to answer to, links under SITE_URL."""

from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string


def link(name: str, *args) -> str:
    """Return the full address of a page of ours."""
    return settings.SITE_URL + reverse(name, args=args)


def message(subject: str, template: str, context: dict, *, occasion: str, to: str = "", end: str = "") -> EmailMessage:
    """Return the mail that a template of plain text makes, such as "comments/mail/digest.txt", to one address or to none yet.

    The sender has the site's name, so the subject begins with what matters. `occasion` names what the mail is about, once and for
    ever: a worker that dies between sending and noting it sends the same Message-ID again, and many mail programs show that once.
    `end` is the address that ends such mail, by RFC 8058.
    """
    number = salted_hmac("mail.message", occasion, algorithm="sha256").hexdigest()[:32]
    # RFC 3834: holiday notes and the like are not sent back.
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": f"<{number}@{urlsplit(settings.SITE_URL).hostname}>"}
    if end:
        headers |= {"List-Unsubscribe": f"<{end}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    context = {"SITE_NAME": _site_name(), "SITE_URL": settings.SITE_URL, "end": end} | context
    return EmailMessage(
        subject=subject,
        body=_with_signature(render_to_string(template, context)),
        from_email=sender(),
        to=[to] if to else [],
        headers=headers,
    )


def sender() -> str:
    """Return whom mail is from: the site's name stands there and nowhere else, unless EMAIL_FROM has one of its own."""
    return settings.EMAIL_FROM if "<" in settings.EMAIL_FROM else formataddr((_site_name(), settings.EMAIL_FROM))


def _site_name():
    return import_string(settings.APPEARANCE)().name


def _with_signature(body):
    """Put the space behind the last "--", which makes mail programs fold what follows it; in a template it would get lost."""
    words, line, rest = body.rpartition("\n--\n")
    return f"{words}\n-- \n{rest}" if line else body
