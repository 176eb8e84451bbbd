"""Asking an address whether it wants mail about a comment: the only mail of ours that a stranger can cause.

So a mailbox gets one question at a time, whatever is written behind a "+", a few a day, and none when it never wants mail; and
a domain gets so many in an hour.
"""

import datetime
import re

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.flows import addresses, no_mail
from comments.flows.secret_links import secret_link
from comments.models import Contact, State, Subscription
from comments.screening import Lane
from mail import outbox, server
from mail.message import message
from web import limits
from web.network import day_tag

A_DAY = datetime.timedelta(days=1)
# How long a question keeps others from the same mailbox when nobody answers it.
OPEN_FOR = datetime.timedelta(days=7)
# How long a question is tried that does not go out.
TRIED_FOR = datetime.timedelta(days=7)
# So that answering, or taking comments back, does not open the mailbox for the next question at once.
QUESTIONS_A_DAY = 3
# In an hour. Ten new readers of one clinic or family domain within an hour would be a rare day; a hundred of one large
# provider would be the busiest this site has seen, and are few enough not to make it distrust us.
OF_A_DOMAIN, OF_A_PROVIDER = 10, 100
PROVIDER = re.compile(
    r"(?:gmail|googlemail|yahoo|ymail|aol|hotmail|outlook|live|msn|icloud|me|mac|gmx|web|mail|proton|protonmail|fastmail|comcast|"
    r"verizon|att|sbcglobal|cox|charter|btinternet)\.(?:com|net|me|ca|de|es|fr|it|co\.uk|com\.mx|com\.ar)"
)


@transaction.atomic
def ask(subscription: Subscription) -> None:
    """Ask the address, once, if nothing speaks against it; this one waits while another question is open in the mailbox."""
    mailbox = Contact.objects.values_list("mailbox", flat=True).get(pk=subscription.contact_id)
    if no_mail.is_unwanted(addresses.mailboxes(subscription.contact_id)):
        return
    now = timezone.now()
    if not settings.MAIL_LACKS:  # Nobody can answer a question that could not go out.
        Subscription.objects.filter(asking=mailbox, asked_at__lt=now - OPEN_FOR).update(asking=None)
    unasked = Subscription.objects.filter(pk=subscription.pk, asked_at=None, confirmed_at=None, ended_at=None)
    try:
        with transaction.atomic():
            if not unasked.update(asking=mailbox, asked_at=now):
                return
            # Where taking a comment back, and with it every trace of the address, does not reach.
            limits.take([day_tag("question", mailbox, timezone.localdate())], [(QUESTIONS_A_DAY, int(A_DAY.total_seconds()))])
    except (IntegrityError, limits.TooMany):
        return
    outbox.add("question", {"comment": subscription.comment_id, "subscription": subscription.pk})


def ask_next(subscription: Subscription) -> None:
    """Ask about another comment that was sent with this mailbox and had to wait, now that this one is confirmed."""
    mailbox = Contact.objects.filter(pk=subscription.contact_id).values("mailbox")
    unasked = Subscription.objects.filter(contact__mailbox__in=mailbox, asked_at=None, confirmed_at=None, ended_at=None)
    after = unasked.exclude(~Q(comment__state=State.APPROVED), comment__lane=Lane.SPAM).order_by("pk").first()
    if after:
        ask(after)


def send_question(payload: dict) -> None:
    """Send the question, if it still is one, or put it off when its domain had enough within this hour.

    Nothing of the comment is in it.
    """
    subscription = Subscription.objects.filter(pk=payload["subscription"], asking__isnull=False).first()
    if subscription is None or subscription.asked_at < server.too_old_after(TRIED_FOR):
        return
    domain = addresses.domain(subscription.contact_id)
    most = OF_A_PROVIDER if PROVIDER.fullmatch(domain) else OF_A_DOMAIN
    try:
        limits.take([day_tag("question-domain", domain, timezone.localdate())], [(most, 3600)])
    except limits.TooMany as error:
        outbox.add("question", payload, due_at=timezone.now() + datetime.timedelta(seconds=error.wait))
        return
    never = no_mail.link_of(subscription.contact_id)
    context = {"confirm": secret_link(subscription, "confirm")}
    occasion = f"confirm:{subscription.pk}:"
    mail = message(_("Confirm your email address"), "comments/mail/confirm.txt", context, occasion=occasion, end=never)
    addresses.send(subscription.contact_id, mail)
