"""The threads of a page as HTML. Not templates: a page holds two hundred comments, and each would cost ten times as much.

What a person wrote comes as HTML from `comments.rendering`, or is escaped here.
"""

import functools
from html import escape

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from comments.models import Comment
from comments.public.threads import Node
from web.days import day_html


def threads_html(nodes: list[Node], *, article_slug: str) -> SafeString:
    """Return the threads as list items, replies inside them; every name and text is escaped."""
    permalink, report = (
        reverse(f"comments:{name}", args=[article_slug, 0]).replace("/0/", "/{}/") for name in ("permalink", "report")
    )
    return mark_safe(_items(nodes, permalink, report, top=True))


def _items(nodes, permalink, report, *, top=False):
    return "\n".join(f"<li>{_place(node, permalink, report)}{_replies(node, permalink, report, top)}</li>" for node in nodes)


def _place(node, permalink, report):
    if node.comment is None:
        return f'<p class="note" id="comment-{node.pk}">{escape(str(node.tombstone))}</p>'
    return comment_html(node, node.comment, address=permalink.format(node.pk), report=report.format(node.pk))


def _replies(node, permalink, report, top):
    if not node.replies:
        return ""
    items = f'\n<ol class="plain replies">\n{_items(node.replies, permalink, report)}\n</ol>'
    number = len(node.replies)
    if not top or number == 1:
        return items
    if node.comment:
        words = escape(ngettext("{number} reply to {name}", "{number} replies to {name}", number))
        words = words.format(number=number, name=_name(node.comment.name_shown))
    else:
        words = escape(ngettext("{number} reply to this comment", "{number} replies to this comment", number))
        words = words.format(number=number)
    return f"\n<details open>\n<summary>{words}</summary>{items}\n</details>"


def comment_html(node: Node, comment: Comment, *, address: str, report: str) -> str:
    """Return a public comment as HTML: name, words, day, and the ways to reply to it and to report it."""
    pk, name = node.pk, _name(comment.name_shown)
    badge = _badge(comment.staff_role, get_language()) if comment.staff_role else ""
    reply, to_reply = "", escape(_("Reply to {name}")).format(name=name)
    if node.answer_url:
        reply = f'<a href="{escape(node.answer_url)}">{to_reply}</a>\n'
    to_report, hidden = escape(_("Report")), escape(_(" the comment by {name}")).format(name=name)
    return (
        f'<article class="comment" id="comment-{pk}" tabindex="-1" aria-labelledby="by-{pk}">\n'
        f'<header>\n<h3 id="by-{pk}">{name}{_answering(node)}</h3>\n{badge}</header>\n'
        f'<div class="words">{comment.words_html}</div>\n'
        f'<footer class="line">\n<a class="hush" href="{escape(address)}">{day_html(comment.submitted_at)}</a>\n{reply}'
        f'<a class="hush" href="{escape(report)}" rel="nofollow">{to_report}<span class="away">{hidden}</span></a>\n'
        "</footer>\n</article>\n"
    )


def _name(name):
    # Apart from the words around it, whatever direction its letters have.
    return f"<bdi>{escape(name)}</bdi>"


def _answering(node):
    if node.answering:
        link = f'<a href="{escape(node.answering_url)}">{_name(node.answering)}</a>'
        words = escape(_("replying to {name}")).format(name=link)
    elif node.answering_gone:
        words = escape(_("replying to {what}").format(what=node.answering_gone))
    else:
        return ""
    return f" <span>{words}</span>"


@functools.cache
def _badge(role, language):
    label = dict(Comment._meta.get_field("staff_role").flatchoices)[role]
    icon = render_to_string("_icon.html", {"name": role})
    who = escape(_("Speaks for this site:"))
    return f'<span class="badge">{icon}<span class="away">{who}</span> {escape(str(label))}</span>\n'
