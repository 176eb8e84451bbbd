"""Mistakes that readers report: kept for the editors' desk, told to whoever answers for the page, deleted after a while."""

import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, MailChoice, MistakeReport
from articles.notices import choices_link
from mail import outbox
from mail.message import link, message
from web import limits

# From one network, whatever the articles: a person who reads the whole site closely may have as many to tell.
LIMITS = [(5, 60 * 60), (20, 24 * 60 * 60)]
# How long a report is kept after somebody dealt with it.
KEPT = datetime.timedelta(days=90)


@transaction.atomic
def report(article: Article, note: str, *, network: str) -> MistakeReport:
    """Keep what a reader says is wrong in the text that is online, and tell whoever answers for the page once a day.

    The same words about the same text are kept once. Raises limits.TooMany.
    """
    same = MistakeReport.objects.filter(article=article, revision=article.revision, note=note, handled_at=None).first()
    if same:
        return same
    limits.take_of_network("mistakes", network, timezone.localdate(), LIMITS if settings.COMMENT_LIMITS else [])
    mistake = MistakeReport.objects.create(article=article, revision=article.revision, note=note)
    key = f"mistake:{article.pk}:{timezone.localdate()}"
    outbox.add("mistake_reported", {"article": article.pk, "day": f"{timezone.localdate()}", "keep_key": True}, key=key)
    return mistake


def waiting() -> QuerySet[MistakeReport]:
    """Return what nobody has dealt with yet, the oldest first, without the texts of articles."""
    rows = MistakeReport.objects.filter(handled_at=None).select_related("article", "revision").order_by("created_at", "pk")
    return rows.defer("article__body", "article__summary", "article__need_to_know", "revision__content", "revision__search_text")


def handle(mistake: MistakeReport, *, by) -> bool:
    """Note that somebody dealt with it, and return whether that was now; raises PermissionDenied."""
    if not by.has_perm("articles.change_article"):
        raise PermissionDenied(_("Only editors can mark a reported mistake as done."))
    return bool(MistakeReport.objects.filter(pk=mistake.pk, handled_at=None).update(handled_at=timezone.now(), handled_by=by))


def send_notice(payload: dict) -> None:
    """Tell whoever answers for the page that a reader found a mistake, without the text; not when it was dealt with before."""
    article = Article.objects.select_related("owner").get(pk=payload["article"])
    if not article.mistakes.filter(handled_at=None).exists():
        return
    owner = article.owner
    reached = owner and owner.is_active and owner.email
    wants = reached and not MailChoice.objects.filter(user=owner, mistakes=False).exists()
    address = owner.email if wants else settings.MODERATORS_EMAIL
    context = {"title": article.title, "desk": link("admin:articles_article_desk"), "choices": choices_link() if wants else ""}
    occasion = f"mistake:{article.pk}:{payload['day']}"
    message(_("A reader found a mistake"), "articles/mail/mistake.txt", context, to=address, occasion=occasion).send()


def forget(payload: dict) -> None:
    """Delete reports that were dealt with a while ago."""
    MistakeReport.objects.filter(handled_at__lt=timezone.now() - KEPT).delete()


HANDLERS = {"mistake_reported": send_notice, "forget_mistakes": forget}
