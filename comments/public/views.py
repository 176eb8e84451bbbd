"""A reader's posts and the page of a comment's author. Each view is one call and what to say about its result."""

import functools

from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from comments.flows import erasing, moderation
from comments.flows.second_try import may_revise
from comments.flows.submission import change_words, submit_comment
from comments.models import Comment, CommentEvent, CommentSettings, HelpLine, Reason, State
from comments.models.reasons import sentence
from comments.public.forms import MAX_BODY, CommentForm, WordsForm
from comments.public.waiting_time import usually_read_within
from comments.screening.consequences import COVERED, READABLE, calls_for_help, details_in_words, is_emergency
from web.everybody import changes_no_page
from web.network import network_of_request
from web.origin import is_same_origin
from web.posting import Redirect303, for_back, no_store, private, reader_form, refused, take, typed
from web.prepared import Prepared

# Without the texts: a comment that is taken shows no page.
_article = Prepared(lambda slug: Article.objects.online().filter(slug=slug).defer("body", "need_to_know"), str)
FIELDS = ("name", "email", "parent", "revises", "body")
get_or_post = require_http_methods(["GET", "HEAD", "POST"])
NOT_SENT = _("Your comment wasn't sent. Everything you typed is still here.")
NOT_CHANGED = _("Your comment wasn't changed. Everything you typed is still here.")


@changes_no_page
@reader_form(_("Your comment wasn't saved"), FIELDS, again=True)
@get_or_post
def post_comment(request, slug):
    """Take a comment, or show the article again with the form as it was filled in; whoever only opens this is led to the form."""
    # A former address as well: the form may have been open while the page moved.
    article = next(iter(_article(slug)), None) or Article.objects.online().filter(addresses__slug=slug).distinct().first()
    if request.method != "POST":
        if article is None:
            raise Http404
        return HttpResponseRedirect(f"{article.get_absolute_url()}#add")
    if article is None:
        words = _("We couldn't save your comment. Your words are below.")
        return refused(request, 404, _("Article not found"), words, FIELDS)
    if article.withdrawn_on:
        words = _("Comments are no longer accepted here. Your words are below.")
        return refused(request, 410, _("This page was withdrawn"), words, FIELDS)
    form = CommentForm(request.POST, article=article)
    if not (article.comments_open and CommentSettings.current().comments_open):
        words = _("Comments on this page are closed, so yours wasn't sent.")
        return _article_page(request, article, form, 403, words, refused_text=typed(request, FIELDS)["body"])

    def keep():
        comment = submit_comment(
            article,
            form.to_submission(),
            network=network_of_request(request),
            parent=form.cleaned_data["parent"],
            revises=form.cleaned_data["revises"],
            subscribe=form.cleaned_data["subscribe"],
            consent=form.cleaned_data["consent"],
        )
        return private(Redirect303(comment.author_url))

    return take(request, form, keep, functools.partial(_article_page, request, article, form), not_sent=NOT_SENT)


@require_safe
def permalink(request, slug, pk):
    """Lead to the page of the article on which a public comment stands."""
    comment = get_object_or_404(
        Comment.objects.public().select_related("article"),
        pk=pk,
        # The address that the article has, or had when somebody kept this link.
        article__in=Article.objects.published().filter(Q(slug=slug) | Q(addresses__slug=slug)),
    )
    return HttpResponseRedirect(f"{comment.article.get_absolute_url()}?page={comment.page}#comment-{comment.pk}")


@require_safe
def own(request, pk, token):
    """Show a comment to its author: words, state, what happens next, how to take it back."""
    comment = _own_comment(pk, token)
    is_there = comment.state not in {State.WITHDRAWN, State.ERASED}
    parent = comment.parent if comment.parent_id else None
    # Not just the last decision: one that was undone may stand behind it.
    event = comment.events.filter(kind="decided", after=State.REJECTED).last() if comment.state == State.REJECTED else None
    response = render(
        request,
        "comments/own.html",
        {
            "comment": comment,
            "article": comment.article,
            "answering": parent.name_shown if parent and parent.state == State.APPROVED else "",
            "answering_url": parent.get_absolute_url() if parent and parent.state == State.APPROVED else "",
            "reason_words": Reason(event.reason).label if event and event.reason else "",
            "reason_sentence": sentence(event.reason) if event else "",
            "is_emergency": is_emergency(comment.signals),
            "help_lines": HelpLine.objects.all() if calls_for_help(comment.signals) else None,
            "covered_details": details_in_words(comment.signals, COVERED) if not comment.show_contact_details else "",
            "readable_details": details_in_words(comment.signals, READABLE),
            "has_redactions": is_there and comment.redactions.exists(),
            "usually": usually_read_within() if comment.state == State.PENDING else "",
            "revise_url": reverse("comments:revise", args=[pk, token]) if may_revise(comment) else "",
            "can_take_back": is_there,
            "may_be_public": comment.state in {State.PENDING, State.APPROVED, State.HIDDEN},
            "is_changed": comment.events.filter(kind=CommentEvent.Kind.CHANGED).exists(),
            "take_back_url": reverse("comments:take-back", args=[comment.pk, comment.token]),
        },
    )
    return private(response)


@csrf_exempt  # The secret address is the right to do this; is_same_origin keeps other sites out.
@get_or_post
def take_back(request, pk, token):
    """Take a comment back for its author, and show the page again; opening this does nothing but lead there."""
    comment = _own_comment(pk, token)
    if request.method != "POST":
        return private(HttpResponseRedirect(comment.author_url))
    if not is_same_origin(request):
        words = _("That click came from another site, so nothing happened. Open your comment's page and press the button there.")
        return private(
            render(
                request, "error.html", {"title": _("Your comment wasn't taken back"), "words": words, "status": 403}, status=403
            )
        )
    erasing.withdraw(comment)
    return private(Redirect303(comment.author_url))


@reader_form(_("Your change wasn't saved"), FIELDS)
@get_or_post
def change(request, pk, token):
    """Let the author change the words of a comment that waits to be read."""
    comment = _own_comment(pk, token)
    if request.method != "POST":
        if comment.state != State.PENDING:
            return private(HttpResponseRedirect(comment.author_url))
        return _change_page(request, comment, WordsForm(initial={"body": comment.body, "version": comment.version}), 200, "")
    form = WordsForm(request.POST)

    def keep():
        network = network_of_request(request)
        try:
            change_words(comment, form.cleaned_data["body"], version=form.cleaned_data["version"], network=network)
        except moderation.Conflict:
            return _changed_meanwhile(request, comment, form.cleaned_data["body"])
        return private(Redirect303(comment.author_url))

    return take(request, form, keep, functools.partial(_change_page, request, comment, form), not_sent=NOT_CHANGED)


def _changed_meanwhile(request, comment, body):
    comment.refresh_from_db()
    if comment.state != State.PENDING:
        words = _("A moderator has already read your comment, so you can't edit it anymore. Your new text is below.")
        return refused(request, 409, _("Your change came too late"), words, FIELDS)
    form = WordsForm({"body": body, "version": str(comment.version)})
    words = _("Your comment was read or changed after you opened this page. Please check your text and send it again.")
    return _change_page(request, comment, form, 409, f"{words} {NOT_CHANGED}")


def _change_page(request, comment, form, status, summary):
    context = {"comment": comment, "form": form, "summary": summary, "max_length": MAX_BODY}
    return private(render(request, "comments/change.html", context, status=status))


def _own_comment(pk, token):
    comment = get_object_or_404(Comment.objects.select_related("article", "parent"), pk=pk)
    if not comment.has_token(token):
        raise Http404
    return comment


def _article_page(request, article, form, status, summary, *, refused_text=None):
    article = Article.objects.live().with_links().get(pk=article.pk)
    context = {"article": article, "form": form, "summary": summary, "status": status, "refused_text": refused_text}
    page = render(request, "comments/post_comment.html", context, status=status)
    return no_store(page) if refused_text is not None else for_back(page)
