"""All comments of one person, found by the person tag: what the tag on a card and in the list leads to."""

import collections
import dataclasses

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comments.models import Comment, CommentEvent, Contact, State
from comments.models.contact import is_tag

COMMENTS_A_PAGE = 25
# What somebody decided about a comment, or readers brought about. An author may edit as often as they like, so that is left out.
DECISIONS = {
    CommentEvent.Kind.DECIDED,
    CommentEvent.Kind.ESCALATED,
    CommentEvent.Kind.RAISED,
    CommentEvent.Kind.NOTED,
    CommentEvent.Kind.RETURNED,
    CommentEvent.Kind.REPORTED,
    CommentEvent.Kind.REDACTED,
    CommentEvent.Kind.DETAILS_SHOWN,
}


@dataclasses.dataclass(frozen=True)
class Written:
    """A comment of this person, and the decisions on it, oldest first."""

    comment: Comment
    decisions: list[CommentEvent]


def urls(view):
    """Return the address of a person's page; `view` is the admin's own wrapper."""
    return [path("person/<str:tag>/", view(person_view), name="comments_comment_person")]


def link(tag: str) -> SafeString:
    """Return the person tag as a link to the person's page."""
    return format_html('<a href="{}">{}</a>', reverse("admin:comments_comment_person", args=[tag]), tag)


def person_view(request, tag):
    """Show what the person wrote, newest first: four queries, however much it is."""
    if not request.user.has_perm("comments.view_comment"):
        raise PermissionDenied
    tag = tag.upper()
    # By values(), so that nothing decrypts the address.
    person = Contact.objects.filter(tag=tag).values("pk", "standing").first() if is_tag(tag) else None
    context = {**admin.site.each_context(request), "opts": Comment._meta, "person": person}
    if person is None:
        title = {"title": _("There's no one with this tag")}
        return TemplateResponse(request, "admin/comments/person.html", context | title, status=404)
    rows = Comment.objects.filter(contact=person["pk"])
    counts = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    page = Paginator(range(sum(counts.values())), COMMENTS_A_PAGE).get_page(request.GET.get("page"))
    context |= {
        "title": _("Comments by person {tag}").format(tag=tag),
        "standing": Contact.Standing(person["standing"]).label,
        "counts": [(state.label, counts[state]) for state in State if state in counts],
        "page_obj": page,
        "written": _written(rows, page),
    }
    return TemplateResponse(request, "admin/comments/person.html", context)


def _written(rows, page):
    """Return the comments of this page with their decisions."""
    shown = rows.select_related("article").only(
        "name", "body", "state", "lane", "submitted_at", "contact", "article__title", "article__slug"
    )
    start = (page.number - 1) * COMMENTS_A_PAGE
    comments = list(shown.order_by("-submitted_at", "-pk")[start : start + COMMENTS_A_PAGE])
    events = CommentEvent.objects.filter(comment__in=[comment.pk for comment in comments], kind__in=DECISIONS)
    decisions = collections.defaultdict(list)
    for event in events.select_related("actor", "undone_by", "written"):
        decisions[event.comment_id].append(event)
    return [Written(comment, decisions[comment.pk]) for comment in comments]
