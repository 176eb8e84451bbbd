"""Write an article: its change page says where it stands, what can be done next, and what could be easier to read."""

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import IntegrityError, models, transaction
from django.http import HttpResponseRedirect
from django.utils import timezone
from tinymce.widgets import AdminTinyMCE

from articles import canonical, desk, hints, saving, stages, workflow
from articles.admin import looks, steps
from articles.admin.buttons import buttons, may_revoke, newest_revision, unchanged_since
from articles.admin.looks import recent_events
from articles.admin.pages import url
from articles.admin.steps import left_out
from articles.diff import differences
from articles.forms import ArticleForm, SourceForm, SourceFormSet
from articles.html import rendering
from articles.models import Article, Revision, SignOff, Source

STATUS_WORDS = {
    "current": "reviewed, in date",
    "overdue": "reviewed, the next check is late",
    "changed": "changed since it was reviewed",
    "revoked": "the review was taken back",
    "withdrawn": "withdrawn",
    "archived": "in the archive",
    "earlier": "reviewed, as an earlier site stated",
}
RECENT = 10
# What a revision freezes of the form; who changes something of it is an editor of the words.
WORDS = {"title", "summary", "need_to_know", "body", "language", "no_source_reason"}


class SourceInline(admin.StackedInline):
    """The citations of the working copy, in the order of their numbers."""

    model = Source
    form = SourceForm
    formset = SourceFormSet
    extra = 0
    classes = ("collapse",)
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


class LightList(ChangeList):
    """The list without the texts, which it does not show."""

    def get_queryset(self, request, **kwargs):
        """Leave the texts where they are."""
        return super().get_queryset(request, **kwargs).defer("body", "need_to_know", "summary")


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    """The working copy, and the way from it to the page."""

    form = ArticleForm
    change_form_template = "admin/articles/article.html"
    change_list_template = "admin/articles/article_list.html"
    list_display = ("title", "state", "language", "comments_open", "updated_at")
    list_filter = ("language", "comments_open")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("title", "summary", "body")
    inlines = (SourceInline,)
    fieldsets = (
        (None, {"fields": ("title", "slug", "summary", "need_to_know", "body", "no_source_reason")}),
        ("About the page", {"fields": ("language", "owner", "comments_open")}),
    )

    def has_delete_permission(self, request, obj=None):
        """Nothing that people wrote is deleted; a page is withdrawn, and its address stays."""
        return False

    def get_queryset(self, request):
        """Load what the state needs, without a text."""
        live = Revision.objects.live().defer("content", "search_text")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(
                models.Prefetch("revisions", queryset=live, to_attr="live_revisions"),
                models.Prefetch("sign_offs", queryset=SignOff.objects.order_by("pk"), to_attr="all_sign_offs"),
            )
        )

    def get_object(self, request, object_id, from_field=None):
        """Hold the row while it is saved, so that what the form compares is what it overwrites."""
        article = super().get_object(request, object_id, from_field)
        if article and request.method == "POST" and transaction.get_connection().in_atomic_block:
            Article.objects.select_for_update(no_key=True).get(pk=article.pk)
            article.refresh_from_db()
        return article

    def get_changelist(self, request, **kwargs):
        """Use the list without texts."""
        return LightList

    def get_prepopulated_fields(self, request, obj=None):
        """Make the address from the title of a new article."""
        return {} if obj else {"slug": ("title",)}

    def get_changeform_initial_data(self, request):
        """Let whoever begins an article answer for it."""
        return {"owner": request.user.pk} | super().get_changeform_initial_data(request)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Write the body in the rich-text editor."""
        if db_field.name == "body":
            kwargs["widget"] = AdminTinyMCE(mce_attrs={"license_key": "gpl"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """Offer staff alone as owners."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "owner":
            field.queryset = field.queryset.filter(is_staff=True)
        return field

    def get_view_on_site_url(self, obj=None):
        """Lead to the page only when there is one."""
        return super().get_view_on_site_url(obj) if obj and obj.revision else None

    @admin.display(description="What readers see")
    def state(self, article):
        """The live version and what its page says of the review, by the hash in its column."""
        if not article.live_revisions:
            return "Nothing: not online yet"
        live = article.live_revisions[0]
        return f"Version {live.number}: {STATUS_WORDS[desk.status_of(article, live, timezone.localdate()).kind]}"

    def get_urls(self):
        """Add the steps and the pages that only show."""
        view = self.admin_site.admin_view
        return [*steps.urls(view), *looks.urls(view), *super().get_urls()]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Show the form; when somebody took the address at the same moment, the second look finds it taken and says so."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (workflow.WorkflowError, IntegrityError):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Add where the article stands, the next steps, the hints on what is saved, and what somebody else saved meanwhile."""
        context |= {"show_save_and_continue": False, "show_save_and_add_another": False}
        if change and obj:
            # The form has put what was typed into its object.
            saved = self.get_queryset(request).get(pk=obj.pk)
            context |= self._standing(saved, request.user)
            form, formsets = context["adminform"].form, [inline.formset for inline in context["inline_admin_formsets"]]
            if getattr(form, "has_conflict", False):
                sources = _typed_sources(formsets)
                parts = differences.between(saved.content()[0], _typed_content(form.instance, sources))
                context |= {"conflict": True, "parts": parts, "others": _other_differences(saved, form.instance, sources)}
                # What cannot be read yet is not compared either: the next save is held up once more, and shows all.
                if set(form.errors) == {NON_FIELD_ERRORS} and all(formset.is_valid() for formset in formsets):
                    form.has_seen()
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _standing(self, article, user):
        newest = newest_revision(article)
        content, _ = article.content()
        unchanged = unchanged_since(article, canonical.canonical_json(content))
        signed = SignOff.objects.filter(article=article, revoked_at=None, revision__retired_at=None)
        return {
            "state": self.state(article),
            "newest": newest,
            "stage": stages.stage(newest) if newest else None,
            "unchanged": unchanged,
            "buttons": buttons(article, user, unsent=unchanged is None),
            "revocable": [one for one in signed.order_by("-pk")[:RECENT] if may_revoke(user, one)],
            "hints": hints.hints(content),
            "events": recent_events(article)[:RECENT],
            "versions": article.revisions.defer("content", "search_text").prefetch_related("sign_offs")[:RECENT],
            "version_count": article.revisions.count(),
        }

    def save_model(self, request, obj, form, change):
        """Save a new article; one that was there is saved with its sources, when it is known whether anything changed."""
        if not change:
            saving.save(obj, by=request.user)

    def save_related(self, request, form, formsets, change):
        """Save what changed as one save, and tell the editor what readers will not get of it."""
        request.is_empty_save = change and not form.differs() and not any(formset.has_changed() for formset in formsets)
        if request.is_empty_save:
            return
        if change:
            before = [source.as_dict() for source in Source.objects.filter(article=form.instance.pk)]
            after = [source.as_dict() for source in _typed_sources(formsets)]
            words_changed = bool(form.changed() & WORDS) or before != after
            saving.save(form.instance, by=request.user, version=form.cleaned_data["opened"], words_changed=words_changed)
        super().save_related(request, form, formsets, change)
        if words := left_out(form.instance.content()[1]):
            self.message_user(request, words, messages.WARNING)

    def construct_change_message(self, request, form, formsets, add=False):
        """Describe the change; without one there is nothing to describe."""
        return [] if getattr(request, "is_empty_save", False) else super().construct_change_message(request, form, formsets, add)

    def log_change(self, request, obj, message):
        """Write nothing about a save that changed nothing."""
        return None if getattr(request, "is_empty_save", False) else super().log_change(request, obj, message)

    def response_change(self, request, obj):
        """Stay on the page, where the hints and the next steps are."""
        if request.is_empty_save:
            self.message_user(request, "Nothing was changed, so nothing was saved.", messages.INFO)
            return HttpResponseRedirect(url("article_change", obj.pk))
        return super().response_change(request, obj)

    def response_post_save_add(self, request, obj):
        """Stay on the page."""
        return HttpResponseRedirect(url("article_change", obj.pk))

    def response_post_save_change(self, request, obj):
        """Stay on the page."""
        return HttpResponseRedirect(url("article_change", obj.pk))


def _typed_sources(formsets) -> list[Source]:
    """Return the sources as they would be after saving what was typed, also those that somebody else added meanwhile."""
    found = []
    for formset in formsets:
        there = [form.instance.pk for form in formset.initial_forms]
        found += Source.objects.filter(article=formset.instance.pk).exclude(pk__in=there)
        kept = [form for form in formset.forms if form not in formset.deleted_forms]
        found += [form.instance for form in kept if form.instance.pk or form.has_changed()]
    return sorted(found, key=lambda source: source.position or 0)


def _typed_content(article, sources) -> dict:
    """Return what a revision of the article would freeze with these sources, which are not saved yet."""
    html = rendering.finish(rendering.clean(article.body).html, sources=len(sources))
    content = article.content()[0] | {"body_html": html, "sources": [source.as_dict() for source in sources]}
    return rendering.clean_strings(content, set())


def _other_differences(saved, typed, sources) -> list[tuple[str, str, str]]:
    """Return (name, what is saved, what was typed) of what differs and is no words of the page."""
    rows = [
        ("Slug", saved.slug, typed.slug),
        ("Owner", str(saved.owner or "nobody"), str(typed.owner or "nobody")),
        ("Comments", *("open" if one.comments_open else "closed" for one in (saved, typed))),
    ]
    before = {source.pk: source for source in saved.sources.all()}
    for source in sources:
        was = before.get(source.pk)
        days = [str(one.retracted_on or "no day") if one else "no day" for one in (was, source)]
        rows.append((f"Source {source.position}, retracted on", *days))
        if was:
            rows.append((f"Number of the source “{source.title}”", str(was.position), str(source.position)))
    return [row for row in rows if row[1] != row[2]]
