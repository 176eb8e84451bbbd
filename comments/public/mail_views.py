"""Pages that a mail leads to. Opening one changes nothing, for mail programs open links by themselves: a button does."""

import functools

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from articles.models import Article
from comments.flows import letters, no_mail, second_try, secret_links, subscriptions
from comments.models import Comment, Letter, Subscription
from comments.public.forms import MAX_ANSWER, AnswerForm, CommentForm
from web.origin import is_same_origin
from web.posting import private, reader_form, take, typed

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@csrf_exempt  # Readers get no cookie: the secret address is the right to do this, is_same_origin keeps other sites out.
@get_or_post
def confirm(request, pk, token):
    """Ask whether mail is wanted, and take the answer; every link that opens nothing (any more) gets the same page."""
    if request.method == "POST" and not is_same_origin(request):
        return HttpResponse(status=403)
    subscription = _wanted(pk, token)
    if subscription and request.method == "POST":
        subscriptions.confirm(subscription)
        subscription = _wanted(pk, token)
    end_url = reverse("comments:mail-end", args=[pk, no_mail.token_of(subscription.contact_id)]) if subscription else ""
    return _private_page(request, "confirm", {"subscription": subscription, "end_url": end_url})


@csrf_exempt  # RFC 8058: the reader's mail service posts here by itself, without cookie and from nowhere; the address is secret.
@get_or_post
def end(request, pk, token):
    """End the mail about a comment, by the button or by one press in a mail program; an old mail may outlive what it ends."""
    theirs = subscriptions.opened_by(pk, no_mail.mailbox_of(token))
    if theirs and request.method == "POST":
        subscriptions.end(theirs)
    is_ended = theirs is None or request.method == "POST"
    context = {"is_ended": is_ended, "never_url": reverse("comments:mail-never", args=[token])}
    return _private_page(request, "unsubscribe", context)


@csrf_exempt  # As for ending.
@get_or_post
def never(request, token):
    """Refuse all mail to an address for good, by the button or by one press in a mail program, or take that back."""
    mailbox = no_mail.mailbox_of(token)
    state = "refused" if no_mail.is_refused(mailbox) else "asked"
    if request.method == "POST":
        state = "allowed" if "allow" in request.POST else "refused"
        (no_mail.allow if state == "allowed" else no_mail.refuse)(mailbox)
    return _private_page(request, "never", {"state": state})


@reader_form(_("Your reply wasn't saved"), ["answer"])
@get_or_post
def letter(request, pk, token):
    """Take one answer to a moderator's letter."""
    letter = _opened(Letter.objects.select_related("comment"), pk, "letter", token)
    if not letters.is_open(letter):
        return _closed_page(request, letter)
    if request.method != "POST":
        return _answer_page(request, AnswerForm())
    form = AnswerForm(request.POST)

    def keep():
        if letters.answer(letter, form.cleaned_data["answer"]):
            return _private_page(request, "answer", {"state": "thanks"})
        letter.refresh_from_db()
        return _closed_page(request, letter)

    not_sent = _("Your reply wasn't sent. Everything you typed is still here.")
    return take(request, form, keep, functools.partial(_answer_page, request, form), not_sent=not_sent)


@require_safe
def revise(request, pk, token):
    """Show the article with the words of a rejected comment in the form, to be changed and sent as a new one."""
    comment = get_object_or_404(Comment, pk=pk)
    if not comment.has_token(token):
        raise Http404
    article = Article.objects.published().filter(pk=comment.article_id).first()
    if article is None or not second_try.may_revise(comment):
        return private(HttpResponseRedirect(comment.author_url))
    initial = {"name": comment.name, "body": comment.body, "parent": comment.parent_id or ""}
    initial["revises"] = second_try.token_of(comment)
    context = {"article": article, "form": CommentForm(article=article, initial=initial)}
    return private(render(request, "articles/article_detail.html", context))


def _wanted(pk, token):
    """Return the subscription that a link is for, while its question is open or answered with yes."""
    subscription = Subscription.objects.filter(pk=pk, ended_at=None).first()
    return subscription if subscription and secret_links.opens(subscription, "confirm", token) else None


def _opened(rows, pk, purpose, token):
    row = get_object_or_404(rows, pk=pk)
    if not secret_links.opens(row, purpose, token):
        raise Http404
    return row


def _answer_page(request, form, status=200, summary=""):
    context = {"state": "open", "form": form, "summary": summary, "max_length": MAX_ANSWER}
    return _private_page(request, "answer", context, status=status)


def _closed_page(request, letter):
    context = {"state": "answered" if letter.answered_at else "closed", "typed": typed(request, ["answer"])["answer"]}
    return _private_page(request, "answer", context, status=409 if request.method == "POST" else 200)


def _private_page(request, template, context, status=200):
    return private(render(request, f"comments/{template}.html", context, status=status))
