"""What the pages of this admin share: their addresses, who may open them, their frame, how a step is taken, and the way back."""

import functools

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import workflow
from articles.admin.step_forms import ReasonForm
from articles.models import Article


def url(name: str, *args) -> str:
    """Return an address of the admin of this app."""
    return reverse(f"admin:articles_{name}", args=args)


def needs(*permissions):
    """Refuse a view with 403 to whoever has none of these permissions, before anything is looked up."""

    def decorate(view):
        @functools.wraps(view)
        def wrapped(request, *args, **kwargs):
            if not any(map(request.user.has_perm, permissions)):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def page(request, template, title, **context):
    """Return a page in the admin's frame."""
    shared = {**admin.site.each_context(request), "title": title, "opts": Article._meta}
    return TemplateResponse(request, f"admin/articles/{template}.html", shared | context)


def back(request, pk, words, level=messages.SUCCESS):
    """Lead to the page of the article and say there what was done, or what was not."""
    messages.add_message(request, level, words)
    return HttpResponseRedirect(url("article_change", pk))


def ask(request, article, title, words, *, number=None):
    """Say what a step does, with a button that takes it, named as the page is."""
    return page(request, "confirm", title, article=article, words=words, button=title, number=number)


def version_of(pk, number):
    """Return a version of the article, or 404: also for what is no number."""
    article = get_object_or_404(Article, pk=pk)
    return get_object_or_404(article.revisions.select_related("article"), number=int(number) if is_key(number) else 0)


def is_key(number: str) -> bool:
    """Return whether this is a number that can be a key."""
    return number.isascii() and number.isdecimal() and len(number) < 9


def take_step(request, pk, function, row, *, done):
    """Take a step of the workflow at once, and say on the page of the article that it was done, or why not."""
    try:
        function(row, by=request.user)
    except workflow.WorkflowError as error:
        return back(request, pk, str(error), messages.ERROR)
    return back(request, pk, done)


def with_reason(request, article, function, *, title, done, form_class=ReasonForm, **context):
    """Ask why, then take a step of the workflow with what the form says."""
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            function(**form.cleaned_data)
        except workflow.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            return back(request, article.pk, done)
    return page(request, "reason", title, article=article, form=form, **context)


def find(object_id, articles=Article.objects) -> Article | None:
    """Return the article that an address names by its key, or None: also for what is no number."""
    try:
        return articles.get(pk=object_id)
    except (Article.DoesNotExist, ValueError):
        return None


def gone(request, object_id):
    """Lead to the front page of the admin, as the admin itself does, and say there that no article has this key."""
    messages.warning(request, _("There is no article with ID “{key}”.").format(key=object_id))
    return HttpResponseRedirect(reverse("admin:index"))
