"""Mail about the steps of an article, to those of whom something is asked or whose work went on.

A step asks for it in its own transaction; the worker sends it, each person a mail of their own. It holds title, number and a
link to the page of work: a reviewer's note stays on that page.
"""

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import desk
from articles.models import Article, ArticleEvent, Reviewer, Revision
from articles.workflow_rules import Stage, current, stage
from mail import outbox
from mail.message import link, message
from mail.models import Outbox

Kind = ArticleEvent.Kind
# Subject and sentence of each kind of mail.
WORDS = {
    Kind.SUBMITTED: (
        gettext_lazy("Please review: {title}"),
        gettext_lazy("Version {number} of “{title}” is ready for your review."),
    ),
    Kind.CHANGES_ASKED: (
        gettext_lazy("Changes requested: {title}"),
        gettext_lazy("A reviewer asked for changes to version {number} of “{title}”. Here's what they said:"),
    ),
    Kind.SIGNED: (
        gettext_lazy("Ready to publish: {title}"),
        gettext_lazy("A reviewer signed version {number} of “{title}”. You can publish it now."),
    ),
    Kind.PUBLISHED: (
        gettext_lazy("Published: {title}"),
        gettext_lazy("Version {number} of “{title}” is online."),
    ),
    Kind.PUBLISHED_URGENTLY: (
        gettext_lazy("URGENT, not yet reviewed: {title}"),
        gettext_lazy("Version {number} of “{title}” went online without a signature. Please read it as soon as you can."),
    ),
    Kind.NOT_PUBLISHED: (
        gettext_lazy("Not published: {title}"),
        gettext_lazy("Version {number} of “{title}” was scheduled but didn't go online. {reason}"),
    ),
}
# A mail that asks for something is left out once the version is no longer there: somebody was faster than the mail server.
ASKS_AT = {Kind.SUBMITTED: Stage.WAITING, Kind.CHANGES_ASKED: Stage.ASKED, Kind.SIGNED: Stage.SIGNED}


def reviewers() -> QuerySet:
    """Return the users who may sign today: every active reviewer with an account."""
    may_sign = get_user_model().objects.staff_who_may("articles.add_signoff")
    return may_sign.filter(reviewer__in=Reviewer.objects.active(timezone.localdate()))


def reviewers_of(article: Article) -> QuerySet:
    """Return the users who are asked to read this article: whom it is assigned to, if they may sign and are reached, else all."""
    assigned = article.assigned_reviewer(timezone.localdate())
    asked = reviewers().filter(reviewer=assigned) if assigned else reviewers().none()
    return asked if _reached(asked.values("pk")).exists() else reviewers()


def tell(event: ArticleEvent) -> None:
    """Ask for a mail to each person whom this event is about, save who did it; nobody hears of what `load_article` did."""
    if event.kind not in WORDS or (event.actor_id is None and event.kind != Kind.NOT_PUBLISHED):
        return
    _ask_for(event, _about(event) - {event.actor_id, None})


def tell_planner(event: ArticleEvent) -> None:
    """Ask for a mail to the person in whose name a plan was carried out: they were not there to see it."""
    _ask_for(event, {event.actor_id})


def tell_assigned(events: list[ArticleEvent], person, *, by) -> None:
    """Ask for one mail to the person to whom these events assigned articles, about those of which a version waits."""
    newest = (current(event.article) for event in events)
    waiting = [revision.pk for revision in newest if revision and stage(revision) == Stage.WAITING]
    if waiting and person and person != by:
        outbox.add("article_assigned", {"event": events[0].pk, "revisions": waiting, "to": person.pk})


def _ask_for(event, people):
    urgent = event.kind == Kind.PUBLISHED_URGENTLY
    for to in _reached(people).order_by("pk").values_list("pk", flat=True):
        outbox.add(
            "article_step",
            {"event": event.pk, "to": to, "keep_key": True},
            key=f"article-step:{event.pk}:{to}",
            priority=Outbox.Priority.URGENT if urgent else Outbox.Priority.NORMAL,
        )


def _about(event) -> set[int | None]:
    """Return the keys of the people whom an event of this kind is about; None among them is nobody."""
    owner = event.article.owner_id
    match event.kind:
        case Kind.SUBMITTED:
            asked = set(reviewers_of(event.article).values_list("pk", flat=True))
            # Who sent it does not read it alone.
            return asked if asked - {event.actor_id} else set(reviewers().values_list("pk", flat=True))
        case Kind.PUBLISHED_URGENTLY:
            return {owner, *reviewers().values_list("pk", flat=True)}
        case Kind.PUBLISHED:
            return {owner, *event.revision.sign_offs.filter(revoked_at=None).values_list("reviewer__user", flat=True)}
        case Kind.NOT_PUBLISHED:
            return {owner, event.revision.plans.last().by_id}
    return {owner, event.revision.submitted_by_id}


def _reached(people) -> QuerySet:
    """Return those of these users who may open articles here, have an address and want such mail."""
    staff = get_user_model().objects
    may_see = Q(pk__in=staff.staff_who_may("articles.view_article")) | Q(pk__in=staff.staff_who_may("articles.change_article"))
    return staff.filter(may_see, pk__in=people, is_active=True, is_staff=True).exclude(email="").exclude(mail_choice__steps=False)


def send_step(payload: dict) -> None:
    """Tell one person of an event, unless what it asks of them was done or taken back, or they left or want no such mail."""
    event = ArticleEvent.objects.select_related("article", "revision").get(pk=payload["event"])
    person = _reached([payload["to"]]).first()
    if event.kind == Kind.SUBMITTED and not reviewers().filter(pk=payload["to"]).exists():
        return
    if person is None or (event.kind in ASKS_AT and stage(event.revision) != ASKS_AT[event.kind]):
        return
    title = " ".join(event.revision.title.split())
    # The only note of ours: every other one was written by a person, and stays on the page.
    said = {"title": title, "number": event.revision.number, "reason": event.note if event.kind == Kind.NOT_PUBLISHED else ""}
    subject, sentence = (words.format(**said) for words in WORDS[event.kind])
    context = {"sentence": sentence, "page": _page(event, person), "choices": choices_link()}
    occasion = f"article-step:{event.pk}:{person.pk}"
    message(subject, "articles/mail/step.txt", context, to=person.email, occasion=occasion).send()


def send_assigned(payload: dict) -> None:
    """Tell a reviewer what was assigned to them, save what is someone else's by now or waits no more."""
    person = _reached([payload["to"]]).first()
    revisions = Revision.objects.filter(pk__in=payload["revisions"], article__assigned_to__user=payload["to"])
    revisions = [one for one in revisions.select_related("article").order_by("pk") if stage(one) == Stage.WAITING]
    if not (revisions and person and reviewers().filter(pk=person.pk).exists()):
        return
    rows = [
        {
            "sentence": _("Version {number} of “{title}” is now yours to review.").format(number=one.number, title=title),
            "page": link("admin:articles_article_review", one.article_id, one.number),
        }
        for one in revisions
        for title in [" ".join(one.title.split())]
    ]
    words = ngettext("Please review {count} article", "Please review {count} articles", len(rows)).format(count=len(rows))
    subject = words if len(rows) > 1 else _("Please review: {title}").format(title=" ".join(revisions[0].title.split()))
    context = {"rows": rows, "choices": choices_link()}
    occasion = f"article-assigned:{payload['event']}:{person.pk}"
    message(subject, "articles/mail/assigned.txt", context, to=person.email, occasion=occasion).send()


def _page(event, person) -> str:
    """Return the address of the page on which this person goes on."""
    article = event.article
    reads = event.kind == Kind.SUBMITTED or (event.kind == Kind.PUBLISHED_URGENTLY and desk.signs(person, timezone.localdate()))
    if reads:
        return link("admin:articles_article_review", article.pk, event.revision.number)
    if event.kind == Kind.PUBLISHED:
        return link("articles:detail", article.slug)
    return link("admin:articles_article_change", article.pk)


def choices_link() -> str:
    """Return the address of the page on which each person says what mail they want; it stands at the foot of every mail."""
    return link("admin:articles_article_mail")


HANDLERS = {"article_step": send_step, "article_assigned": send_assigned}
