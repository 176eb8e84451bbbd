"""The relay: a moderator writes to the person behind a comment without learning the address, who answers once by a page.

The words of a letter are in the outbox until it is sent, and nowhere afterwards. Who writes stays as unknown as who is written
to: no address, number or link of their own leads around the relay.
"""

import datetime
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.flows import addresses, letters_in_spanish, no_mail, notices
from comments.flows.secret_links import secret_link
from comments.models import Comment, CommentEvent, HelpLine, Letter, State
from comments.models.contact import Contact
from comments.screening.emails_and_phones import emails, phones, without_overlap
from comments.screening.languages import language_of
from comments.screening.web_addresses import web_addresses
from mail import outbox, server
from mail.message import link, message
from mail.models import Outbox

LETTERS_A_DAY = 3
# A site named without http:// before it; in small letters, as "read it.It made" has no space and is none.
BARE_SITE = re.compile(
    r"(?<![\w@./-])(?:[A-Za-z\d-]{1,63}\.){1,4}(?:com|org|net|info|edu|gov|io|uk|ca|au|fr|mx|ar|eu|app|blog|link|site)"
    r"(?![\w@.-]*[\w@])"
)
# How long a letter is tried that does not go out.
TRIED_FOR = datetime.timedelta(days=7)
# How long the page for the answer is open.
ANSWERED_WITHIN = datetime.timedelta(days=30)
# What stands around the words, in the language that the moderator wrote in: language -> (subject, template).
FRAMES = {
    "en": (_("A moderator wrote to you"), "comments/mail/letter.txt"),
    "es": (letters_in_spanish.SUBJECT, "comments/mail/letter_es.txt"),
}


class Refused(Exception):
    """The letter cannot be written; the text says why for the moderator."""


@transaction.atomic
def write(comment: Comment, *, by, words: str, seen: int) -> Letter:
    """Send words to the person behind a comment, and note in its history that, not what, was written.

    `seen` is how many letters there were when the moderator opened the page, so that two presses are one letter.
    Raises PermissionDenied without `comments.write_letter`, or Refused.
    """
    if not by.has_perm("comments.write_letter"):
        raise PermissionDenied(_("You don't have permission to write to the person who left a comment."))
    if not words.strip() or len(words) > Letter.MOST_CHARACTERS:
        raise ValueError(f"A letter has 1 to {Letter.MOST_CHARACTERS} characters.")
    around = ways_around(words)
    if around:
        raise Refused(
            _(
                "Letters can't include an email address, a phone number or a link to another site, so that no one has to share "
                "theirs. Please remove: {found}. Our help lines are fine."
            ).format(found=", ".join(around))
        )
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    if comment.contact_id is None:
        raise Refused(_("There's no one to write to: the person gave no address, or it has been erased."))
    if no_mail.is_unwanted(addresses.mailboxes(comment.contact_id)):
        raise Refused(_("This person asked us never to email them again, so we can't send a letter."))
    if comment.letters.count() != seen:
        raise Refused(_("Someone sent a letter after you opened this page. Yours wasn't sent. Please read theirs first."))
    if comment.letters.filter(created_at__gt=timezone.now() - datetime.timedelta(days=1)).count() >= LETTERS_A_DAY:
        raise Refused(
            _("{number} letters were sent about this comment in one day. Please give the person time.").format(
                number=LETTERS_A_DAY
            )
        )
    letter = comment.letters.create(by=by)
    comment.events.create(
        kind=CommentEvent.Kind.WRITTEN, actor=by, before=comment.state, after=comment.state, version=comment.version
    )
    payload = {"comment": comment.pk, "letter": letter.pk, "words": words, "language": language_of(words), "keep_key": True}
    outbox.add("letter", payload, key=_key(letter))
    return letter


def ways_around(words: str) -> list[str]:
    """Return the addresses, numbers and links in the words that are neither the site's own nor a help line's, in their order."""
    lines = "\n".join(f"{line.name}\n{line.how}" for line in HelpLine.objects.all())
    hosts = {urlsplit(settings.SITE_URL).netloc, *(address.host for address in web_addresses(lines))}
    links, rest = list(web_addresses(words)), words
    for address in links:  # In their place as many spaces, so that what is found stands where it stands in the words.
        rest = rest[: address.start] + " " * (address.end - address.start) + rest[address.end :]
    found = [(start, end) for start, end in emails(rest) if words[start:end] not in lines]
    found += phones(rest, HelpLine.numbers())
    found += [(address.start, address.end) for address in links if address.host not in hosts]
    bare = [match.span() for match in BARE_SITE.finditer(rest) if match.group().lower() not in hosts]
    found += [span for span in bare if words[slice(*span)] not in lines]
    return [words[start:end] for start, end in without_overlap(found)]


def is_open(letter: Letter) -> bool:
    """Return whether the person can still answer."""
    gone = letter.comment.state in {State.WITHDRAWN, State.ERASED}
    return letter.answered_at is None and not gone and timezone.now() - (letter.sent_at or letter.created_at) < ANSWERED_WITHIN


@transaction.atomic
def answer(letter: Letter, words: str) -> bool:
    """Keep the answer for the moderators and tell the one who wrote; return False when the page was closed meanwhile."""
    # The comment's row is held, so that nothing is kept behind the back of an author who takes it back at this moment.
    Comment.objects.select_for_update(no_key=True).get(pk=letter.comment_id)
    letter = Letter.objects.select_related("comment", "by").get(pk=letter.pk)
    if not is_open(letter):
        return False
    letter.answer, letter.answered_at = words, timezone.now()
    letter.save(update_fields=["answer", "answered_at"])
    by = letter.by
    for to in [by.pk] if by.is_active and by.is_staff and by.email else notices.rota():
        outbox.add("letter_answered", {"comment": letter.comment_id, "letter": letter.pk, "to": to})
    return True


def send_letter(payload: dict) -> None:
    """Send a letter once, and empty its words in the outbox."""
    letter = Letter.objects.select_related("comment").get(pk=payload["letter"])
    contact = letter.comment.contact_id
    if letter.sent_at is None and contact and letter.created_at > server.too_old_after(TRIED_FOR):
        context = {"words": payload["words"], "answer": secret_link(letter, "letter"), "days": ANSWERED_WITHIN.days}
        try:
            never, occasion = no_mail.link_of(contact), f"letter:{letter.pk}"
            subject, template = FRAMES[payload.get("language", "en")]
            mail = message(subject, template, context, occasion=occasion, end=never)
            if addresses.send(contact, mail):
                Letter.objects.filter(pk=letter.pk).update(sent_at=timezone.now())
        except Contact.DoesNotExist:
            pass  # It was erased a moment ago, so there is nobody to write to.
    Outbox.objects.filter(key=_key(letter)).update(payload={"comment": letter.comment_id, "letter": letter.pk})


def send_answered(payload: dict) -> None:
    """Tell the moderator who wrote, or one of the rota, that there is an answer, without it."""
    page = link("admin:comments_comment_change", payload["comment"])
    notices.tell(
        payload["to"], _("Someone replied to a letter"), "answered", {"page": page}, occasion=f"answered:{payload['letter']}"
    )


def _key(letter):
    return f"letter:{letter.pk}"
