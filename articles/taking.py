"""What every step begins and ends with: the article held, the move and the permission checked, an event written."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from articles import canonical, notices
from articles.models import Article, ArticleEvent, Revision
from articles.workflow_rules import MOVES, PERMISSIONS, TOO_EARLY, Step, WorkflowError, stage


def held(article: Article) -> Article:
    """Return the article as it is now, its row held until the transaction ends."""
    return Article.objects.select_for_update(no_key=True).get(pk=article.pk)


def need(user, permission: str) -> None:
    """Raise PermissionDenied when this person does not have the permission."""
    if not user.has_perm(permission):
        raise PermissionDenied(_("You don't have permission to do this."))


def take(step: Step, revision: Revision, *, by, shown_hash: str | None = None) -> Revision:
    """Return the revision as it is now, its article held, if this person may take this step on what was on the screen."""
    if not any(by.has_perm(permission) for permission in PERMISSIONS[step]):
        raise PermissionDenied(_("You don't have permission to do this."))
    held(revision.article)
    revision = Revision.objects.select_related("article").get(pk=revision.pk)
    if shown_hash is not None and shown_hash != canonical.sha256(revision.content):
        raise WorkflowError(_("The text has changed since you opened this page. Please read it again."))
    now = stage(revision)
    if step not in MOVES[now]:
        too_late = _("You can't do that now. Version {number}: {stage}.").format(number=revision.number, stage=now.label)
        raise WorkflowError(TOO_EARLY.get((now, step)) or too_late)
    return revision


def log(article: Article, kind: str, *, by, revision=None, sign_off=None, note: str = "", due_on=None) -> ArticleEvent:
    """Write what was done, by whom, and when a task that follows from it is due; ask for the mail that tells of it."""
    event = ArticleEvent.objects.create(
        article=article, kind=kind, actor=by, revision=revision, sign_off=sign_off, note=note.strip(), due_on=due_on
    )
    notices.tell(event)
    return event
