"""The desk in the admin: what waits for whom, every article by its filters, and whom articles are given to."""

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import assignment, desk, mistakes
from articles.admin.desk_forms import AssignForm, FindForm, owners, reviewers
from articles.admin.pages import needs, page, url
from articles.board import State
from articles.models import MistakeReport, Reviewer
from web.admin import KEY, takes_a_form

MISTAKES_SHOWN = 50


def urls(view):
    """Return the addresses of the pages; `view` is the admin's own wrapper."""
    return [
        path("desk/", view(desk_view), name="articles_article_desk"),
        path("desk/assign/", view(assign_view), name="articles_article_assign"),
        path("desk/mistakes/<int:pk>/", view(handle_view), name="articles_article_mistake"),
    ]


@needs("articles.view_article", "articles.change_article")
def desk_view(request):
    """Show what waits for this person and where the others stand; with filters, the articles that they find."""
    today = timezone.localdate()
    everything = "all" in request.GET
    people = {"owners": owners(), "reviewers": reviewers()}
    form = FindForm(request.GET, **people)
    wanted = form.wanted()
    context = {
        "form": form,
        "may_handle": request.user.has_perm("articles.change_article"),
        "query": form.query(),
    }
    if wanted:
        found = desk.find(wanted, today)
        context |= {
            "found": _lines(found[: None if everything else desk.MOST_FOUND], today),
            "count": len(found),
            "assign": AssignForm(**people),
        }
    else:
        sections = desk.sections(request.user, today, most=None if everything else desk.MOST_ROWS)
        context |= {
            "sections": sections,
            "quiet": [section.title.lower() for section in sections[1:] if not section.rows],
            "mistakes": list(mistakes.waiting()[:MISTAKES_SHOWN]),
        }
    return page(request, "desk", _("Editorial desk"), **context)


def _lines(found, today):
    """Return each of these articles with the names of its states and of its people; two queries."""
    users = get_user_model().objects.in_bulk({one.owner for one in found} - {None})
    signing = Reviewer.objects.in_bulk({one.reviewer for one in found} - {None})
    return [
        {
            "standing": one,
            "states": [state.label for state in State if state in one.states],
            "owner": users.get(one.owner),
            "reviewer": signing.get(one.reviewer),
            "is_late": one.due_on is not None and one.due_on <= today,
        }
        for one in found
    ]


@takes_a_form(lambda: url("article_desk"))
@needs("articles.change_article")
def assign_view(request):
    """Give the articles that were ticked, or all that the filters found, another owner or reviewer."""
    people = {"owners": owners(), "reviewers": reviewers()}
    filters = FindForm(request.GET, **people)
    wanted = filters.wanted()
    form = AssignForm(request.POST, **people)
    if not form.is_valid():
        messages.error(request, _("This person can't be chosen any more. Nothing was changed."))
    elif not form.people():
        messages.error(request, _("Please choose an owner or a reviewer. Nothing was changed."))
    else:
        keys = [int(key) for key in request.POST.getlist("article") if KEY.fullmatch(key)]
        if form.cleaned_data["every"]:
            keys = [one.article for one in desk.find(wanted, timezone.localdate())]
        count = assignment.assign(keys, by=request.user, **form.people())
        words = ngettext("{count} article was changed.", "{count} articles were changed.", count).format(count=count)
        messages.add_message(request, messages.SUCCESS if count else messages.INFO, words)
    return HttpResponseRedirect(f"{url('article_desk')}?{filters.query()}")


@takes_a_form(lambda pk: url("article_desk"))
@needs("articles.change_article")
def handle_view(request, pk):
    """Mark a mistake that a reader reported as dealt with."""
    mistake = get_object_or_404(MistakeReport, pk=pk)
    if mistakes.handle(mistake, by=request.user):
        messages.success(request, _("Marked as done."))
    else:
        messages.info(request, _("Someone else already marked it as done."))
    return HttpResponseRedirect(f"{url('article_desk')}#mistakes")
