"""What a page shows of its comments: threads, replies, tombstones."""

import dataclasses

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from comments.flows.thread_pages import DEEPEST
from comments.models import Comment, State
from comments.rendering import name_text

TOMBSTONES = {
    State.WITHDRAWN: _("Comment removed by its author."),
    State.HIDDEN: _("Comment hidden while a moderator reviews it."),
}
TAKEN_DOWN = _("Comment removed.")


@dataclasses.dataclass
class Node:
    """One place in a thread: a public comment, or a tombstone where one stood that has public answers."""

    pk: int
    comment: Comment | None = None
    tombstone: str = ""
    answering: str = ""
    answering_url: str = ""
    answering_gone: str = ""
    answer_url: str = ""
    replies: list["Node"] = dataclasses.field(default_factory=list)


def build(rows: list[Comment], page: int, *, article_slug: str, can_answer: bool) -> list[Node]:
    """Return the threads of a page from the rows of `Comment.objects.for_page`, oldest first."""
    path = reverse("articles:detail", args=[article_slug])
    nodes = {row.pk: Node(row.pk, comment=row) for row in rows}
    for row in rows:
        if can_answer and row.depth < DEEPEST:
            nodes[row.pk].answer_url = f"{path}?page={page}&answer={row.pk}#add"
    parents: dict[int, int | None] = {}
    for row in rows:
        parents[row.pk] = row.parent_id
        if row.parent_id is None or row.parent_id in nodes:
            continue
        if row.parent_state != State.APPROVED and row.parent_page == page:
            nodes[row.parent_id] = Node(row.parent_id, tombstone=_tombstone(row.parent_state))
            parents[row.parent_id] = row.grandparent_id
            if (
                row.grandparent_id not in nodes
                and row.grandparent_state not in {None, State.APPROVED}
                and row.grandparent_page == page
            ):
                nodes[row.grandparent_id] = Node(row.grandparent_id, tombstone=_tombstone(row.grandparent_state))
                parents[row.grandparent_id] = None
    for row in rows:
        if row.parent_id is not None:
            _say_what_it_answers(nodes[row.pk], row, nodes.get(row.parent_id), article_slug)
    top = []
    for pk in sorted(nodes):
        above = nodes.get(parents.get(pk))
        # What came from an earlier site may answer what is deepest here: it stands beside that, and names it.
        while above and above.comment and above.comment.depth >= DEEPEST:
            above = nodes.get(parents.get(above.pk))
        (above.replies if above else top).append(nodes[pk])
    return top


def _tombstone(state: str) -> str:
    return TOMBSTONES.get(state, TAKEN_DOWN)


def _say_what_it_answers(node, row, above, article_slug):
    if row.parent_state == State.APPROVED:
        node.answering = name_text(row.parent_name, show_details=False)
        node.answering_url = (
            f"#comment-{row.parent_id}" if above else reverse("comments:permalink", args=[article_slug, row.parent_id])
        )
    else:
        node.answering_gone = (
            _("a comment removed by its author") if row.parent_state == State.WITHDRAWN else _("a comment that was removed")
        )
