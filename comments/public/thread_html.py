"""The threads of a page as HTML. Not a template: a page holds two hundred comments, and each would cost ten times as much."""

import functools

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from comments.models import Comment
from comments.public.threads import Node
from web.days import day_html

NOTHING = ""


def threads_html(nodes: list[Node], *, article_slug: str) -> SafeString:
    """Return the threads as list items, replies inside them; every name and text is escaped."""
    permalink, report = (
        reverse(f"comments:{name}", args=[article_slug, 0]).replace("/0/", "/{}/") for name in ("permalink", "report")
    )
    return _items(nodes, permalink, report, top=True)


def _items(nodes, permalink, report, *, top=False):
    return format_html_join(
        "\n", "<li>{}{}</li>", ((_place(node, permalink, report), _replies(node, permalink, report, top)) for node in nodes)
    )


def _place(node, permalink, report):
    if node.comment is None:
        return format_html('<p class="note" id="comment-{}">{}</p>', node.pk, node.tombstone)
    return comment_html(node, node.comment, permalink.format(node.pk), report.format(node.pk))


def _replies(node, permalink, report, top):
    if not node.replies:
        return NOTHING
    items = format_html('\n<ol class="plain replies">\n{}\n</ol>', _items(node.replies, permalink, report))
    number = len(node.replies)
    if not top or number == 1:
        return items
    if node.comment:
        words = ngettext("{number} reply to {name}", "{number} replies to {name}", number)
        words = format_html(words, number=number, name=_name(node.comment.name_shown))
    else:
        words = ngettext("{number} reply to this comment", "{number} replies to this comment", number).format(number=number)
    return format_html("\n<details open>\n<summary>{}</summary>{}\n</details>", words, items)


def comment_html(node: Node, comment: Comment, address: str, report: str) -> SafeString:
    """Return a public comment: name, words, day, and the ways to reply to it and to report it."""
    name = _name(comment.name_shown)
    return format_html(
        '<article class="comment" id="comment-{pk}" tabindex="-1" aria-labelledby="by-{pk}">\n'
        '<header>\n<h3 id="by-{pk}">{name}{answering}</h3>\n{badge}</header>\n'
        '<div class="words">{words}</div>\n'
        '<footer class="line">\n<a class="hush" href="{address}">{day}</a>\n'
        '{reply}<a class="hush" href="{report}" rel="nofollow">{report_words}</a>\n</footer>\n</article>\n',
        pk=node.pk,
        name=name,
        answering=_answering(node),
        badge=_badge(comment.staff_role, get_language()) if comment.staff_role else NOTHING,
        words=comment.words_html,
        address=address,
        day=day_html(comment.submitted_at),
        reply=_reply(node.answer_url, name) if node.answer_url else NOTHING,
        report=report,
        report_words=format_html(_('Report<span class="away"> the comment by {name}</span>'), name=name),
    )


def _name(name):
    # Apart from the words around it, whatever direction its letters have.
    return format_html("<bdi>{}</bdi>", name)


def _answering(node):
    if node.answering:
        link = format_html('<a href="{}">{}</a>', node.answering_url, _name(node.answering))
        return format_html(" <span>{}</span>", format_html(_("replying to {name}"), name=link))
    if node.answering_gone:
        return format_html(" <span>{}</span>", _("replying to {what}").format(what=node.answering_gone))
    return NOTHING


def _reply(address, name):
    return format_html('<a href="{}">{}</a>\n', address, format_html(_("Reply to {name}"), name=name))


@functools.cache
def _badge(role, language):
    label = dict(Comment._meta.get_field("staff_role").flatchoices)[role]
    icon = render_to_string("_icon.html", {"name": role})
    return format_html('<span class="badge">{}<span class="away">{}</span> {}</span>\n', icon, _("Speaks for this site:"), label)
