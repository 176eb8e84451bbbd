"""Which page a comment stands on.

A page is given once, at the first approval, and kept. So a page costs the same however many there are, an address with
`?page=N` stays true when new comments come, and what is taken down leaves its place free for coming back.
"""

from django.db.models import Count, F, Max, Q

from comments.models import Comment

THREADS_A_PAGE = 50
COMMENTS_A_PAGE = 200
# 0 for a new thread, 1 for a reply, 2 for a reply to a reply.
DEEPEST = 2
# Of a page: a thread is what answers nothing, or what stands on another page than what it answers.
COUNTS = {"comments": Count("pk"), "threads": Count("pk", filter=Q(parent=None) | ~Q(parent__page=F("page")))}


def give_page(comment: Comment) -> int:
    """Return the page for a comment that is approved for the first time; the caller holds the article's row.

    An answer goes to the page of what it answers, or to the last page when that one is full.
    """
    placed = Comment.objects.filter(article=comment.article_id, page__isnull=False)
    if comment.parent_id:
        page = Comment.objects.values_list("page", flat=True).get(pk=comment.parent_id)
        if placed.filter(page=page).count() < COMMENTS_A_PAGE:
            return page
    last = placed.aggregate(last=Max("page"))["last"]
    if last is None:
        return 1
    return last + 1 if _is_full(**placed.filter(page=last).aggregate(**COUNTS)) else last


def _is_full(comments: int, threads: int) -> bool:
    return comments >= COMMENTS_A_PAGE or threads >= THREADS_A_PAGE


class Places:
    """The same for many comments of an article at once, whose row the caller holds: counted once, then kept in mind."""

    def __init__(self, article: int):
        placed = Comment.objects.filter(article=article, page__isnull=False)
        self.comments, self.threads = {}, {}
        for row in placed.order_by().values("page").annotate(**COUNTS):
            self.comments[row["page"]], self.threads[row["page"]] = row["comments"], row["threads"]

    def give(self, above: int | None) -> int:
        """Return the page for an approved comment; `above` is that of what it answers, None for a new thread."""
        if above and self.comments.get(above, 0) < COMMENTS_A_PAGE:
            self.comments[above] = self.comments.get(above, 0) + 1
            return above
        page = max(self.comments, default=1)
        if _is_full(self.comments.get(page, 0), self.threads.get(page, 0)):
            page += 1
        self.comments[page] = self.comments.get(page, 0) + 1
        self.threads[page] = self.threads.get(page, 0) + 1
        return page
