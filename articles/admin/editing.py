"""The page on which an article is written: one form of the working copy and its sources, saved as one or not at all."""

import contextlib

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.utils import construct_change_message
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import transaction
from django.forms import all_valid
from django.http import HttpResponseRedirect
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import drafts, saving, workflow
from articles.admin import conflict
from articles.admin import drafts as own_drafts
from articles.admin.pages import back, find, gone, page, url
from articles.admin.standing import standing, with_state
from articles.admin.steps import left_out
from articles.forms import LINKS, ArticleForm
from articles.models import Article, Source
from articles.source_forms import SourceFormSet

FIELDSETS = (
    (
        None,
        {
            "fields": (
                "title",
                "slug",
                "summary",
                "need_to_know",
                "body",
                "no_source_reason",
                ("author_name", "author_credentials"),
            )
        },
    ),
    (gettext_lazy("Page settings"), {"fields": ("language", "owner", "comments_open", "topics")}),
    (gettext_lazy("Read next"), {"classes": ("collapse",), "fields": ("related",)}),
)
# What a revision freezes of the form; who changes something of it is an editor of the words.
WORDS = {"title", "summary", "need_to_know", "body", "language", "no_source_reason", "author_name", "author_credentials"}


class SourceInline(admin.StackedInline):
    """How the admin's template draws the sources, in the order of their numbers."""

    model = Source
    template = "admin/articles/sources.html"
    fields = (
        ("position", "kind", "year"),
        "authors",
        "title",
        "container",
        "pages",
        ("pmid", "doi"),
        ("url", "accessed"),
        "retracted_on",
    )


def urls(view):
    """Return the addresses of the page; `view` is the admin's own wrapper."""
    return [
        path("add/", view(edit_view), name="articles_article_add"),
        path("<path:object_id>/change/", view(edit_view), name="articles_article_change"),
    ]


def edit_view(request, object_id=None):
    """Show the form of a new or a saved article, and save what was typed if nobody was faster."""
    user, posted = request.user, request.method == "POST"
    may_write = user.has_perm("articles.change_article" if object_id else "articles.add_article")
    may_read = may_write or (object_id and user.has_perm("articles.view_article"))
    if not (may_write if posted else may_read):
        raise PermissionDenied
    may_cite = may_write and user.has_perms(f"articles.{verb}_source" for verb in ("add", "change", "delete"))
    # The row is held while it is saved, so that what the form compares is what it overwrites.
    with transaction.atomic() if posted else contextlib.nullcontext():
        articles = Article.objects.select_for_update(no_key=True) if posted else Article.objects
        article = find(object_id, articles) if object_id else Article()
        if article is None:
            return gone(request, object_id)
        initial = None if object_id else {"owner": user.pk} | request.GET.dict()
        unsaved = own_drafts.asked_for(request, article if object_id else None) if may_write and not posted else None
        data = request.POST if posted else own_drafts.as_sent(unsaved) if unsaved else None
        form = ArticleForm(data, instance=article, initial=initial)
        sources = SourceFormSet(data if may_cite else None, instance=article)
        typed = [form, sources] if may_cite else [form]
        if data is not None and all_valid(typed) and posted and (answer := _save(request, form, sources)):
            return answer
    return _page(request, object_id, form, sources, may_write=may_write, may_cite=may_cite, restored=unsaved)


def _save(request, form, sources):
    """Save what changed as one save, and tell the editor what readers will not get of it; nothing when the address was taken."""
    article, is_new = form.instance, form.instance.pk is None
    formsets = [sources] if sources.is_bound else []
    changed = form.changed()
    if not (is_new or changed or any(formset.has_changed() for formset in formsets)):
        if words := left_out(form.left_out):
            messages.warning(request, words)
        _forget_tab(request)
        if "_send" in request.POST:
            return HttpResponseRedirect(url("article_submit", article.pk))
        return back(request, article.pk, _("You didn't change anything, so nothing was saved."), messages.INFO)
    if not is_new:
        drafts.keep_what_is_there(article)
    moved = sources.moved() if formsets and not is_new else {}
    article.renumber(moved)
    before = [source.as_dict() for source in Source.objects.filter(article=article.pk)]
    after = [source.as_dict() for source in conflict.typed_sources(sources)]
    words_changed = is_new or bool(changed & WORDS) or before != after
    try:
        saving.save(article, by=request.user, version=form.cleaned_data["opened"], words_changed=words_changed)
    except workflow.WorkflowError as error:
        form.add_error("slug", str(error))
        article.pk = None if is_new else article.pk  # The key of a new one was taken back with the rest.
        return None
    form.save_links()
    for formset in formsets:
        formset.save()
    drafts.keep_save(article, by=request.user)
    _forget_tab(request)
    flag = ADDITION if is_new else CHANGE
    message = construct_change_message(form, formsets, is_new)
    LogEntry.objects.log_actions(request.user.pk, [article], flag, message, single_object=True)
    if words := left_out([*form.left_out, *article.content()[1]]):
        messages.warning(request, words)
    if moved:
        messages.info(request, _moved_in_words(moved))
    link = format_html('<a href="{}">{}</a>', url("article_change", article.pk), article)
    messages.success(request, format_html(_("Saved the draft of “{}”."), link))
    return HttpResponseRedirect(url("article_submit" if "_send" in request.POST else "article_change", article.pk))


def _moved_in_words(moved):
    """Return what became of the marks in the text when sources got other numbers or were deleted."""
    parts = [_("[{old}] is now [{new}]").format(old=old, new="?" if new is None else new) for old, new in sorted(moved.items())]
    if None in moved.values():
        words = _("The citations in the text followed their sources: {changes}. Replace each [?] before you send the page on.")
    else:
        words = _("The citations in the text followed their sources: {changes}.")
    return words.format(changes=", ".join(parts))


def _forget_tab(request):
    """Delete what was kept of this tab, and of the one whose words came back in it: it is saved now."""
    for tab in {request.POST.get("tab", ""), request.POST.get("restored", "")}:
        drafts.forget_tab(tab, by=request.user)


def _page(request, object_id, form, sources, *, may_write, may_cite, restored=None):
    saved = find(object_id, with_state(Article.objects)) if object_id else None
    own = admin.site.get_model_admin(Article)
    # The list of owners with the admin's links to their accounts, for whoever may follow them.
    owner, links = form.fields["owner"], own.formfield_for_dbfield(Article._meta.get_field("owner"), request)
    owner.widget, links.widget.choices = links.widget, owner.choices
    read_only = () if may_write else ArticleForm.Meta.fields
    shown = helpers.AdminForm(form, FIELDSETS, {} if saved else {"slug": ["title"]}, read_only, model_admin=own)
    cited = _cited(request, sources, own, may_cite=may_cite)
    title = _("Add article")
    if saved:
        title = _("Edit article") if may_write else _("View article")
    context = {
        "add": not saved,
        "change": bool(saved),
        "original": saved,
        "subtitle": str(saved) if saved else None,
        "adminform": shown,
        "inline_admin_formsets": cited,
        "errors": helpers.AdminErrorList(form, [inline.formset for inline in cited]),
        "media": sum((inline.media for inline in cited), own.media + form.media if may_write else own.media),
        "has_view_permission": True,
        "may_write": may_write,
        "restored": restored,
        "tab": request.POST.get("tab", ""),
        "boxes": " ".join(LINKS),
        "unsaved": drafts.unsaved(saved, by=request.user) if may_write and not form.is_bound else [],
        "own_articles": Article.objects.to_link(),
        "left_out": "" if form.is_bound else left_out(form.left_out),
        "preserved_filters": own.get_preserved_filters(request),
    }
    if saved:
        context |= standing(saved, request.user)
    if form.has_conflict:
        context |= {"conflict": True} | conflict.between(saved, form.instance, conflict.typed_sources(sources), form.cleaned_data)
        # What cannot be read yet is not compared either: the next save is held up once more, and shows all.
        if set(form.errors) == {NON_FIELD_ERRORS} and (sources.is_valid() or not sources.is_bound):
            form.has_seen()
    return page(request, "article", title, **context)


def _cited(request, sources, own, *, may_cite):
    """Return the sources for the admin's template, in a list that is empty for who may not see them."""
    if not may_cite:
        if not any(map(request.user.has_perm, ["articles.view_source", "articles.change_source"])):
            return []
        sources.max_num = 0
    may = {f"has_{verb}_permission": may_cite for verb in ("add", "change", "delete")}
    inline = SourceInline(Article, admin.site)
    fieldsets = inline.get_fieldsets(request)
    return [helpers.InlineAdminFormSet(inline, sources, fieldsets, readonly_fields=[], model_admin=own, **may)]
