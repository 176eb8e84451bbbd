"""Writes what an export holds and is not here yet: a post all or not, its comments in batches.

Killed anywhere, it goes on where it was: what is here is known by the ID that it had there.
"""

import contextlib
import functools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from articles import addresses, workflow
from articles.earlier_site import OtherContent, reviewer_named
from articles.earlier_site.people import read_people
from articles.html import rendering
from articles.models import Article
from lupussite.models import Moved, OldAddress, Page
from lupussite.wordpress import mapping as mappings
from lupussite.wordpress import outcome, plan
from lupussite.wordpress.content import Beside, Parts, Surroundings, of_page, of_post
from lupussite.wordpress.content.parts import plain
from lupussite.wordpress.dates import moment
from lupussite.wordpress.media import Media
from lupussite.wordpress.outcome import Line, Outcome
from lupussite.wordpress.patience import Together, patiently
from lupussite.wordpress.pictures import Pictures
from lupussite.wordpress.plan import Plan
from lupussite.wordpress.record import Record
from lupussite.wordpress.shelf import Shelf
from lupussite.wordpress.threads import BATCH, Threads
from lupussite.wordpress.topics import Topics

# Fields of WordPress itself that say nothing to readers, or were read before.
_OF_WORDPRESS = re.compile(
    r"_edit_(?:last|lock)|_wp_(?:old_slug|old_date|page_template|attached_file|attachment_\w+|trash_\w+|desired_post_slug)|_pingme|"
    r"_encloseme|_oembed_.*|_menu_item_.*|footnotes|_thumbnail_id|_publicize_\w+|_wpas_\w+|_wpcom_\w+|_jetpack_.*|_format_.*|"
    r"_wp_convert_.*|_post_restored_from|_starter_\w+|inline_featured_image|_customize_.*"
)
MOST_TITLE = 200
# As many comments as take the time of a post.
POST_WEIGHS = 50
Reader = Callable[[Path, Counter], Iterator[Record]]


class Bringing:
    """One run over one export."""

    def __init__(self, shelf: Shelf, mapping: dict, media: Media, *, dry_run: bool, resume: bool = False):
        self.shelf, self.media, self.dry_run, self.resume = shelf, media, dry_run, resume
        self.pictures = Pictures(shelf, media, dry_run=dry_run)
        self.plan = Plan(shelf, mapping)
        self.topics = Topics(shelf, mapping["topics"])
        self.around = Surroundings(timezone.localdate(), self.plan.reusable, self.plan.link, self.pictures)
        self.outcome = Outcome(self.plan.site, dry_run)
        self.together = Together(BATCH)
        self.threads = Threads(shelf, self.plan.site, self.outcome, self.together, dry_run=dry_run)
        counts = shelf.counts()
        self.outcome.comments_in = counts.pop("comments")
        self.outcome.items_in = counts.total()

    def run(self) -> Outcome:
        """Do it, and return what became of everything."""
        for item in self.shelf.items():
            planned = self.plan.items[item["n"]]
            if planned.becomes == plan.ARTICLE:
                self.article(item, planned)
            elif planned.becomes == plan.PAGE:
                self.page(item, planned)
            elif item["type"] != "attachment":
                self.outcome.lines.append(self.other(item, planned))
                self.threads.leave(item["n"], outcome.UNDER_NOTHING)
        self.together.finish()
        # Only now it is known which of them are shown.
        for item in self.shelf.items(types=("attachment",)):
            self.outcome.lines.append(self.file(item, self.plan.items[item["n"]]))
            self.threads.leave(item["n"], outcome.UNDER_NOTHING)
        self.threads.leave_the_rest()
        if not self.dry_run:
            self.topics.lead_on(self.plan.site)
        self.outcome.topics = {key: name for key, name in self.topics.names.items() if name}
        self.outcome.broken = [f"{row['what']} {row['words']}: {row['why']}" for row in self.shelf.lost()]
        self.outcome.said.update(self.shelf.noticed + self.media.noticed)
        return self.outcome

    def other(self, item, planned):
        """Tell of an item that becomes nothing by itself."""
        line = Line(_title(item), item["type"], outcome.OTHER, check=[planned.why] if planned.why else [])
        if planned.becomes == plan.REUSABLE:
            line.became = outcome.REUSABLE
        elif item["type"] in plan.DESIGN:
            line.became = outcome.DESIGN
        return line

    def file(self, item, planned):
        """Tell of a picture or file."""
        line = Line(_title(item), item["type"], outcome.OTHER, check=[planned.why] if planned.why else [])
        if planned.becomes == plan.FILE:
            line.became, why = self.pictures.of_item(item)
            line.lost = [why] if why else []
        return line

    def article(self, item, planned):
        """Make an article of a post, unless it is here."""
        data = json.loads(item["data"])
        fields = _fields(data)
        line = Line(_title(item), item["type"], outcome.DRAFT, f"/articles/{planned.slug}/")
        self.outcome.lines.append(line)
        into = {}
        if planned.is_here:
            self.already(item, planned, line)
            into["article"] = self.plan.articles[planned.id]
        else:
            beside = Beside(data.get("excerpt:encoded", ""), fields, self.shelf.attached(item["id"]))
            parts = of_post(data.get("content:encoded", data.get("description", "")), self.around, beside)
            self.told(line, planned, parts, fields, data.get("notes", ()))
            self.write_article(item, planned, data, parts, line, into)
        self.threads.take(item, planned, into, fallback=_moment(data))

    def already(self, item, planned, line):
        """Tell of an item that is here; with --resume nobody asks whether it was changed there since."""
        line.became = outcome.HERE
        line.check = [planned.why] if planned.why else []
        self.pictures.are_shown_by(item)
        if not self.resume:
            known = Moved.objects.filter(site=self.plan.site, kind=Moved.Kind.POST, source=planned.id).first()
            if known and known.digest != item["digest"]:
                line.check.append("it was changed on the earlier site since it came here; it stays as it is here")

    def told(self, line, planned, parts: Parts, fields, notes=()):
        """Put into the line what is to be said of the text."""
        others = [
            f"the field “{name}” of a plugin: {value[:60]}" for name, value in fields.items() if not _OF_WORDPRESS.fullmatch(name)
        ]
        line.lost = _counted([*parts.lost, *others])
        said = [f"links to its old address {planned.overlaid} lead to another page of this site"] if planned.overlaid else []
        line.check = _counted([*parts.check, *([planned.why] if planned.why else []), *said, *notes])

    def write_article(self, item, planned, data, parts, line, into):
        """Write one article with its addresses and topics, and put it online where it was; `into` gets its key."""
        language = data.get("language") or self.shelf.site.get("language", "")
        article = Article(
            title=line.title,
            slug=planned.slug,
            summary=parts.summary or line.title,
            need_to_know=parts.need_to_know,
            body=parts.body,
            language=Article.Language.ES if language.startswith("es") else Article.Language.EN,
            comments_open=data.get("wp:comment_status") != "closed",
        )
        self.name_author(article, data, parts)
        if data.get("wp:is_sticky") == "1":
            line.check.append("it was pinned to the top of the earlier site")
        is_online = planned.is_public
        if is_online and not rendering.words(parts.body):
            is_online = False
            line.check.append("it has no words besides its title and summary, so it's a draft")
        reviewers = self.reviewers(parts, line) if is_online and parts.reviewers else []
        if is_online and not reviewers and self.shelf.site.get("is_saved"):
            # As the loader of single pages does: nobody says that the owner wants this page online.
            is_online = False
            line.check.append("it doesn't say who reviewed it, so it's a draft")
        line.became = outcome.DRAFT if not is_online else outcome.STATED if reviewers else outcome.NOT_REVIEWED
        if not self.dry_run:
            put = functools.partial(self.put, article, item, planned, data, parts, reviewers, into, is_online=is_online)
            self.together.add(put, POST_WEIGHS + len(article.body) // 10_000)

    def put(self, article, item, planned, data, parts, reviewers, into, *, is_online):
        """Write the rows of an article, in the transaction of the caller."""
        article.pk, article._state.adding = None, True  # Also when they were refused before.
        addresses.save_and_keep(article)
        article.topics.set(self.topics.of(item))
        self.keep(item, planned, article=article)
        if is_online:
            revision = workflow.submit(article, by=None)
            if reviewers:
                people = [reviewer_named(person) for person in reviewers]
                workflow.publish_stated(revision, *people, edited=parts.edited, signed_on=parts.reviewed_on)
            else:
                when = _moment(data)
                workflow.publish_imported(revision, note=f"Published there on {date_format(when)}." if when else "")
        into["article"] = article.pk

    def reviewers(self, parts, line):
        """Return whom the earlier site names as reviewers, unless a reviewer of that name here has other letters."""
        # One that is named before may wait to be written.
        self.together.finish()
        try:
            patiently(lambda: _try_reviewers(parts.reviewers))
        except OtherContent as error:
            line.check.append(f"the review isn't taken: {str(error).partition(';')[0]}")
            return []
        return parts.reviewers

    def name_author(self, article, data, parts):
        """Name one person who is named as one; "admin" wrote nothing."""
        login = data.get("dc:creator", "").strip()
        for words in (parts.author, self.shelf.authors.get(login, login)):
            people, puzzling = read_people(plain(words))
            if len(people) == 1 and not puzzling:
                article.author_name, article.author_credentials = people[0].name[:120], people[0].credentials[:120]
                return

    def page(self, item, planned):
        """Make a page of the owner's own, unless it is here."""
        data = json.loads(item["data"])
        fields = _fields(data)
        line = Line(_title(item), item["type"], outcome.HIDDEN_PAGE, f"/pages/{planned.slug}/")
        self.outcome.lines.append(line)
        self.threads.leave(item["n"], outcome.UNDER_PAGE)
        if planned.is_here:
            self.already(item, planned, line)
            return
        beside = Beside(fields=fields, attached=self.shelf.attached(item["id"]))
        parts = of_page(data.get("content:encoded", ""), self.around, beside)
        self.told(line, planned, parts, fields)
        line.became = outcome.PAGE if planned.is_public else outcome.HIDDEN_PAGE
        if not self.dry_run:
            self.together.add(functools.partial(self.put_page, line.title, item, planned, parts.body), POST_WEIGHS)

    def put_page(self, title, item, planned, body):
        """Write the rows of a page, in the transaction of the caller."""
        page = Page.objects.create(title=title, slug=planned.slug, body=body, is_public=planned.is_public)
        self.keep(item, planned, page=page)

    def keep(self, item, planned, **target):
        """Remember the item by its old ID, and lead its old addresses to it."""
        Moved.objects.create(site=self.plan.site, kind=Moved.Kind.POST, source=planned.id, digest=item["digest"], **target)
        old = [OldAddress(path=path, **target) for path in self.plan.numbers.get(planned.number, [])]
        OldAddress.objects.bulk_create(old, ignore_conflicts=True)


@transaction.atomic
def _try_reviewers(people):
    for person in people:
        reviewer_named(person)
    transaction.set_rollback(True)


def _fields(data):
    """Return the fields of an item by name, the first of each."""
    found = {}
    for row in data.get("wp:postmeta", []):
        if row.get("wp:meta_key"):
            found.setdefault(row["wp:meta_key"].strip(), row.get("wp:meta_value", ""))
    return found


def _title(item):
    title = plain(item["title"]) or f"Untitled {item['type']} {item['id']}"
    return title if len(title) <= MOST_TITLE else f"{title[: MOST_TITLE - 1]}…"


def _moment(data):
    return moment(data.get("wp:post_date_gmt", ""), data.get("wp:post_date", ""), published=data.get("pubDate", ""))


def _counted(lines):
    return [f"{line} ({count} times)" if count > 1 else line for line, count in Counter(lines).items()]


def bring(
    path: Path, read: Reader, *, mapping: dict | None, media: Path | None, dry_run: bool, resume: bool = False
) -> tuple[Outcome, dict]:
    """Bring an export over, as `read` reads it, and return what became of it and the mapping that was used.

    Raises NotAnExport, BadArchive, OSError.
    """
    with contextlib.closing(Media(media)) as files, contextlib.closing(Shelf()) as shelf:
        shelf.fill(read(path, shelf.noticed))
        mapping = mapping or mappings.proposed(shelf)
        return Bringing(shelf, mapping, files, dry_run=dry_run, resume=resume).run(), mapping
