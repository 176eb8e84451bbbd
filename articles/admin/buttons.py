"""The next possible steps of an article for one person, from the workflow's table of moves: what the change page offers.

A button is an offer. Whether the step is taken is decided by `articles.workflow` when it is pressed.
"""

import dataclasses

from django.utils import timezone
from django.utils.translation import gettext as _

from articles import canonical, desk, workflow_rules
from articles.admin.pages import url
from articles.models import Article, PublicationPlan, Reviewer, Revision, SignOff
from articles.workflow_rules import Stage, Step


@dataclasses.dataclass(frozen=True)
class Button:
    """A step: a link to its page, or with `posts` a form that takes it at once and sends `number`; `main` usually comes next.

    With `saves` it sends the form of the article first, so that nothing typed there is left behind.
    """

    label: str
    url: str
    posts: bool = False
    saves: bool = False
    number: int | None = None
    main: bool = False


def newest_revision(article: Article) -> Revision | None:
    """Return the version that was submitted last."""
    return article.revisions.order_by("-number").first()


def unchanged_since(article: Article, text: str) -> Revision | None:
    """Return the version that says exactly this canonical text, by the rule of `workflow.submit`.

    It is the current one while it counts, or the one that is online.
    """
    digest = canonical.sha256(text)
    current = workflow_rules.current(article)
    if current and current.sha256 == digest and workflow_rules.stage(current) != Stage.ASKED:
        return current
    return article.revisions.live().filter(sha256=digest).first()


def may_revoke(user, sign_off: SignOff) -> bool:
    """Return whether this person could take this signature back, by the rule of `workflow.revoke`."""
    if sign_off.origin != SignOff.Origin.SIGNED or sign_off.revoked_at:
        return False
    own = Reviewer.objects.filter(user=user, pk=sign_off.reviewer_id).exists()
    return user.has_perm("articles.publish_article") or (own and user.has_perm("articles.add_signoff"))


def buttons(article: Article, user, *, unsent: bool, plan: PublicationPlan | None = None) -> list[Button]:
    """Return the steps that this person can take now, in the order of the path.

    `unsent` when the saved text is in no version; `plan` is what is open of publications to come.
    """
    current, live = workflow_rules.current(article), article.revisions.live().first()
    found = []
    if unsent and user.has_perm("articles.submit_article"):
        saves = user.has_perm("articles.change_article")
        found.append(Button(_("Send to the reviewer"), url("article_submit", article.pk), saves=saves, main=True))
    if current and current != live:
        found += _of_version(article, current, live, user, plan)
    if live:
        found += _of_live(article, live, user)
    return [*found, *_of_page(article, live, user)]


def _of_version(article, current, live, user, plan):
    stage = workflow_rules.stage(current)
    moves = {step for step in workflow_rules.MOVES[stage] if any(map(user.has_perm, workflow_rules.PERMISSIONS[step]))}
    if Step.SIGN in moves and desk.signs(user, timezone.localdate()):
        yield Button(
            _("Read and sign version {number}").format(number=current.number),
            url("article_review", article.pk, current.number),
            main=stage == Stage.WAITING,
        )
    if Step.PUBLISH in moves:
        yield Button(
            _("Publish version {number}").format(number=current.number),
            f"{url('article_publish', article.pk)}?number={current.number}",
            main=plan is None,
        )
    if Step.PLAN in moves:
        yield from _of_plan(article, current, stage, plan)
    if Step.RECALL in moves:
        yield Button(
            _("Recall version {number}").format(number=current.number),
            f"{url('article_recall', article.pk)}?number={current.number}",
        )
    if Step.PUBLISH_URGENTLY in moves and live:
        words = _("Publish version {number} urgently, without a signature…").format(number=current.number)
        yield Button(words, url("article_urgent", article.pk, current.number))


def _of_plan(article, current, stage, plan):
    if stage == Stage.SIGNED:
        words = _("Change the time…") if plan else _("Publish later…")
        yield Button(words, url("article_schedule", article.pk, current.number))
    elif not plan:
        yield Button(
            _("Publish as soon as it's signed"), url("article_publish-when-signed", article.pk), posts=True, number=current.number
        )
    if plan:
        yield Button(_("Cancel the scheduled publication"), url("article_unschedule", article.pk), posts=True, number=plan.pk)


def _of_live(article, live, user):
    if article.withdrawn_on is None and desk.signs(user, timezone.localdate()):
        words = _("Review the live page again (version {number})").format(number=live.number)
        yield Button(words, url("article_review", article.pk, live.number))


def _of_page(article, live, user):
    if not user.has_perm("articles.publish_article"):
        return
    if article.withdrawn_on or article.archived_on:
        words = _("Put the page back online") if article.withdrawn_on else _("Take the page out of the archive")
        yield Button(words, url("article_restore", article.pk), posts=True)
    if live and not article.withdrawn_on:
        if not article.archived_on:
            yield Button(_("Archive the page"), url("article_archive", article.pk))
        yield Button(_("Withdraw the page…"), url("article_withdraw", article.pk))
