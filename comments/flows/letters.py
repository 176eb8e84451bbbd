"""The relay: a moderator writes to the person behind a comment without learning the address, who answers once by a page.

The words of a letter are in the outbox until it is sent, and nowhere afterwards.
"""

import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.flows import addresses, no_mail, notices
from comments.flows.secret_links import secret_link
from comments.models import Comment, CommentEvent, Letter, State
from comments.models.contact import Contact
from mail import outbox
from mail.message import link, message
from mail.models import Outbox

LETTERS_A_DAY = 3
# How long a letter is tried that does not go out.
TRIED_FOR = datetime.timedelta(days=7)
# How long the page for the answer is open.
ANSWERED_WITHIN = datetime.timedelta(days=30)

# Key -> (what the moderator chooses by, the words to begin with).
PREPARED = {
    "care": (
        _("How are you?"),
        _(
            "Thank you for writing to us. Something in your comment stayed with us, and we'd like to know how you're doing.\n\n"
            "We're a few volunteers and a doctor, and we can't read messages around the clock. If things are hard right now, "
            "please talk to someone who can be with you, such as a friend, or call your doctor or your local emergency number."
        ),
    ),
    "details": (
        _("Personal details in the comment"),
        _(
            "Thank you for your comment. It includes details that could tell strangers who you are, or who someone else is. "
            "Anyone can read our pages, so we haven't published it.\n\n"
            "Would you like us to cover that part and publish the rest? You can also take the comment back and post it again "
            "without those details."
        ),
    ),
    "meaning": (
        _("What did you mean?"),
        _(
            "Thank you for your comment. We'd like to publish it, but we're not sure we understand one part of it.\n\n"
            "Could you tell us more about what you meant by"
        ),
    ),
    "source": (
        _("Where does this come from?"),
        _(
            "Thank you for your comment. It says something about a treatment, and other readers may act on it.\n\n"
            "Do you remember where you read or heard it? We can publish it with a source, or as your own experience."
        ),
    ),
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
    comment = Comment.objects.select_for_update(no_key=True).get(pk=comment.pk)
    if comment.contact_id is None:
        raise Refused(_("There's no one to write to: the person gave no address, or it has been erased."))
    if no_mail.is_unwanted(comment.contact.mailbox):
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
    outbox.add("letter", {"comment": comment.pk, "letter": letter.pk, "words": words, "keep_key": True}, key=_key(letter))
    return letter


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
    if letter.sent_at is None and contact and timezone.now() - letter.created_at < TRIED_FOR:
        context = {"words": payload["words"], "answer": secret_link(letter, "letter"), "days": ANSWERED_WITHIN.days}
        try:
            never, occasion = no_mail.link_of(contact), f"letter:{letter.pk}"
            mail = message(_("A moderator wrote to you"), "comments/mail/letter.txt", context, occasion=occasion, end=never)
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
