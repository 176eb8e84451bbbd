"""What became of each thing of an export: every item has exactly one line, every comment is counted in exactly one way."""

import dataclasses
from collections import Counter

# What becomes of an item, in the order of the report.
STATED = "articles online, with the review that the earlier site stated"
NOT_REVIEWED = "articles online, marked as not reviewed"
DRAFT = "drafts, which readers don't see"
PAGE = "pages of your own, online"
HIDDEN_PAGE = "pages of your own, not online"
HERE = "already here from an earlier run, unchanged"
SHOWN = "pictures, now in the articles and pages that show them"
UNUSED = "pictures that no article or page shows, left in your folder"
REFUSED = "pictures that can't be used here"
NO_PICTURE = "files that are no pictures, left in your folder"
MISSING_FILE = "pictures and files that aren't among the media"
REUSABLE = "reusable blocks, put into the posts that use them"
DESIGN = "menus, looks and settings of the earlier site, left there"
OTHER = "other items, left there"
ITEMS = (
    STATED, NOT_REVIEWED, DRAFT, PAGE, HIDDEN_PAGE, HERE, SHOWN, UNUSED, REFUSED, NO_PICTURE, MISSING_FILE, REUSABLE, DESIGN,
    OTHER,
)  # fmt: skip

# What becomes of a comment.
APPROVED = "approved on the earlier site, and shown here"
PENDING = "waiting there, and waiting here for a moderator"
COMMENT_HERE = "already here from an earlier run"
SPAM = "spam there, left"
TRASH = "in the trash there, left"
PING = "pingbacks and trackbacks, left: other sites' links, not people's words"
NOTE = "of a kind that a plugin made, left"
EMPTY = "without words, left"
UNDER_PAGE = "under a page, left: pages have no comments here (see “pages_as_articles” in the mapping file)"
UNDER_NOTHING = "under an item that isn't taken, left"
COMMENTS = (APPROVED, PENDING, COMMENT_HERE, SPAM, TRASH, PING, NOTE, EMPTY, UNDER_PAGE, UNDER_NOTHING)


@dataclasses.dataclass
class Line:
    """An item: what it was called, what became of it, where it is now, what does not come through, what to check."""

    title: str
    what: str
    became: str
    address: str = ""
    lost: list[str] = dataclasses.field(default_factory=list)
    check: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Outcome:
    """All of it; `said` are counts that belong to no single item."""

    site: str
    dry_run: bool
    lines: list[Line] = dataclasses.field(default_factory=list)
    comments: Counter = dataclasses.field(default_factory=Counter)
    said: Counter = dataclasses.field(default_factory=Counter)
    broken: list[str] = dataclasses.field(default_factory=list)
    items_in: int = 0
    comments_in: int = 0
    topics: dict[str, str] = dataclasses.field(default_factory=dict)

    @property
    def items(self) -> Counter:
        """How many items became what."""
        return Counter(line.became for line in self.lines)

    @property
    def adds_up(self) -> bool:
        """Whether everything that came in is told of."""
        return self.items_in == len(self.lines) and self.comments_in == self.comments.total()
