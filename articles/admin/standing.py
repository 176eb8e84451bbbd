"""Where an article stands: what readers see, its versions and signatures, what was done, and what can be done next."""

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles import addresses, board, canonical, hints, planned, workflow_rules
from articles.admin.buttons import buttons, may_revoke, newest_revision, unchanged_since
from articles.models import Article, ArticleEvent, Revision, SignOff
from articles.pictures import files
from articles.workflow_rules import Stage

STATUS_WORDS = {
    "current": _("reviewed, up to date"),
    "overdue": _("reviewed, next review overdue"),
    "changed": _("changed since it was reviewed"),
    "revoked": _("signature withdrawn"),
    "withdrawn": _("withdrawn"),
    "archived": _("archived"),
    "not-reviewed": _("not reviewed"),
    "earlier": _("reviewed on our previous site"),
}
RECENT = 10


def with_state(articles):
    """Load what `state` needs of these articles, without a frozen text."""
    live = Revision.objects.live().defer("content", "search_text")
    return articles.prefetch_related(
        Prefetch("revisions", queryset=live, to_attr="live_revisions"),
        Prefetch("sign_offs", queryset=SignOff.objects.order_by("pk"), to_attr="all_sign_offs"),
    )


def state(article: Article) -> str:
    """Return the live version and what its page says of the review, by the hash in its column."""
    if not article.live_revisions:
        return gettext("Nothing. This article isn't online yet.")
    live = article.live_revisions[0]
    status = STATUS_WORDS[board.status_of(article, live, timezone.localdate()).kind]
    return gettext("Version {number}: {status}").format(number=live.number, status=status)


def recent_events(article: Article):
    """Return what was done with the article, the newest first, without loading a text."""
    events = article.events.select_related("actor", "revision").defer("revision__content", "revision__search_text")
    return events.order_by("-pk")


def asked_of(revision: Revision):
    """Return the newest request for changes to this version or an earlier one, or None."""
    asked = recent_events(revision.article).filter(kind=ArticleEvent.Kind.CHANGES_ASKED)
    return asked.filter(revision__number__lte=revision.number).first()


def standing(article: Article, user) -> dict:
    """Return what the page of a saved article shows around its form, with the steps that this person can take."""
    newest = newest_revision(article)
    content = article.content()[0]
    unchanged = unchanged_since(article, canonical.canonical_json(content))
    plan = planned.open_plan(article)
    stage = workflow_rules.stage(newest) if newest else None
    signed = SignOff.objects.filter(article=article, revoked_at=None, revision__retired_at=None)
    return {
        "state": state(article),
        "newest": newest,
        "current": workflow_rules.current(article),
        "stage": stage,
        "asked": asked_of(newest) if stage == Stage.ASKED else None,
        "unchanged": unchanged,
        "buttons": buttons(article, user, unsent=unchanged is None, plan=plan),
        "plan": plan,
        "planned": planned.words(plan) if plan else "",
        "revocable": [one for one in signed.order_by("-pk")[:RECENT] if may_revoke(user, one)],
        "hints": hints.hints(content, dead=addresses.dead(hints.linked(content))),
        "pictures_gone": [
            picture["alt"] or picture["sha256"][:8] for picture in files.without_files(content.get("pictures", []))
        ],
        "events": recent_events(article)[:RECENT],
        "versions": article.revisions.defer("content", "search_text").prefetch_related("sign_offs")[:RECENT],
        "version_count": article.revisions.count(),
    }
