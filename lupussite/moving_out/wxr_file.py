"""The site as WordPress reads it (WXR 1.2), as far as such a file can show: signatures and versions have no place in it."""

import re
import shutil
from collections.abc import Iterator
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.utils import timezone
from django.utils.html import escape as escape_html

from articles.html import rendering
from articles.models import Article, Picture, Revision, Topic
from articles.pictures import files
from comments.models import Comment, State
from lupussite.appearance import current
from lupussite.models import Page
from lupussite.moving_out.json_files import one_moment

_NAMES = {
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wp": "http://wordpress.org/export/1.2/",
}
UPLOADS = "uploads"
# Articles, pages and pictures have numbers of their own here, and share them there.
PAGES_FROM, PICTURES_FROM = 1_000_000_000, 2_000_000_000
_OURS = re.compile(r'<img((?: alt="[^"]*")? )src="(/pictures/[^"]*)"[^<>]*>')
_STATES = {State.APPROVED: "1", State.PENDING: "0", State.HIDDEN: "0", State.SPAM: "spam", State.REJECTED: "trash"}


def write(path: Path, *, addresses: bool) -> dict[str, int]:
    """Write the file, and the pictures beside it, and return how many of what. Raises OSError.

    Comments that are erased or taken back are gone.
    """
    counts = dict.fromkeys(("articles", "pages", "comments", "pictures"), 0)
    with path.open("x", encoding="utf-8") as file, one_moment():
        path.chmod(0o600)
        file.write('<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0"')
        file.writelines(f" xmlns:{prefix}={quoteattr(name)}" for prefix, name in _NAMES.items())
        site = escape(settings.SITE_URL)
        file.write(f">\n<channel>\n<title>{escape(current().name)}</title>\n<link>{site}</link>\n")
        file.write("<wp:wxr_version>1.2</wp:wxr_version>\n")
        file.write(f"<wp:base_site_url>{site}</wp:base_site_url>\n<wp:base_blog_url>{site}</wp:base_blog_url>\n")
        for topic in Topic.objects.order_by("pk"):
            rows = {"term_id": topic.pk, "category_nicename": topic.slug, "cat_name": topic.name}
            file.write(
                f"<wp:category>{_rows(rows)}<wp:category_description>{_cdata(topic.description)}</wp:category_description>"
            )
            file.write("</wp:category>\n")
        for article in Article.objects.order_by("pk").prefetch_related("topics").iterator(chunk_size=100):
            file.write(_head(article, *_words(article)))
            counts["articles"] += 1
            for comment in _comments(article, addresses):
                file.write(comment)
                counts["comments"] += 1
            file.write("</item>\n")
        for page in Page.objects.order_by("pk").iterator(chunk_size=100):
            rows = {"post_type": "page", "status": "publish" if page.is_public else "draft", "comment_status": "closed"}
            item = _item(page, PAGES_FROM + page.pk, page.title, _shown(page.body_html), "", page.updated_at, rows)
            file.write(item + "</item>\n")
            counts["pages"] += 1
        for picture in Picture.objects.order_by("pk").iterator(chunk_size=100):
            file.write(_attachment(picture))
            counts["pictures"] += _copied(picture, path.parent / UPLOADS)
        file.write("</channel>\n</rss>\n")
    return counts


def _attachment(picture):
    """Return what WordPress fetches from this site, or finds in the folder beside, as a file of its own."""
    address = f"{settings.SITE_URL}/pictures/{picture.name}"
    rows = {"post_type": "attachment", "status": "inherit", "comment_status": "closed", "attachment_url": address}
    alt = {"meta_key": "_wp_attachment_image_alt", "meta_value": picture.alt}
    title, number = str(picture), PICTURES_FROM + picture.pk
    item = _item(None, number, title, picture.credit_line, picture.caption, picture.uploaded_at, rows, address=address)
    return f"{item}<wp:postmeta>{_rows(alt)}</wp:postmeta>\n</item>\n"


def _copied(picture, folder) -> int:
    """Copy the widest file of a picture, and return 1, or 0 when it is gone."""
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        shutil.copyfile(files.path_of(picture.name), folder / picture.name)
    except FileNotFoundError:
        return 0
    return 1


def _shown(body):
    """Return HTML with plain pictures of this site: those of other widths are for its own pages."""
    body = re.sub(r"</?picture>|<source\b[^<>]*>", "", body)
    return _OURS.sub(rf'<img\1src="{settings.SITE_URL}\2">', body)


def _words(article):
    """Return (title, body, summary, when) that readers have, or of the draft when they have none."""
    live = Revision.objects.live().filter(article=article).first()
    if live is None:
        content, _ = article.content()
        return content["title"], _body(content), content["summary"], article.updated_at, "draft"
    reviewed = [f"{one.verb} {one.person}" for one in article.review.signatures]
    return live.title, _body(live.data, reviewed), live.summary, live.published_at, "draft" if article.withdrawn_on else "publish"


def _body(content, reviewed=()):
    pieces = [_shown(content["body_html"])]
    if content["need_to_know"]:
        pieces += ["<h2>Need To Know</h2>", str(rendering.plain_html(content["need_to_know"], sources=0))]
    if content["sources"]:
        sources = "".join(f"<li>{escape_html(rendering.vancouver(source))}</li>" for source in content["sources"])
        pieces.append(f"<h2>Sources</h2>\n<ol>{sources}</ol>")
    return "\n".join([*pieces, *(f"<p>{escape_html(line)}</p>" for line in reviewed)])


def _head(article, title, body, summary, when, status):
    rows = {"post_type": "post", "status": status, "comment_status": "open" if article.comments_open else "closed"}
    terms = "".join(
        f'<category domain="category" nicename={quoteattr(topic.slug)}>{_cdata(topic.name)}</category>\n'
        for topic in article.topics.all()
    )
    return _item(article, article.pk, title, body, summary, when, rows, article.author_name) + terms


def _item(one, number, title, body, summary, when, rows, author="", *, address=""):
    address = address or settings.SITE_URL + one.get_absolute_url()
    rows = {"post_id": number, "post_date_gmt": _when(when), "post_name": one.slug if one else "", "post_parent": 0} | rows
    return (
        f"<item>\n<title>{_cdata(title)}</title>\n<link>{escape(address)}</link>\n"
        f"<pubDate>{format_datetime(when)}</pubDate>\n<dc:creator>{_cdata(author)}</dc:creator>\n"
        f"<content:encoded>{_cdata(body)}</content:encoded>\n<excerpt:encoded>{_cdata(summary)}</excerpt:encoded>\n"
        f"<wp:post_date>{_when(timezone.localtime(when))}</wp:post_date>\n{_rows(rows)}"
    )


def _comments(article, addresses) -> Iterator[str]:
    comments = Comment.objects.filter(article=article, state__in=_STATES).order_by("pk")
    if addresses:
        comments = comments.select_related("contact")
    for comment in comments.iterator(chunk_size=500):
        rows = {
            "id": comment.pk,
            "author": comment.name,
            "author_email": comment.contact.address if addresses and comment.contact else "",
            "date": _when(timezone.localtime(comment.submitted_at)),
            "date_gmt": _when(comment.submitted_at),
            # WordPress takes comments as HTML: what a person typed must not become a tag there.
            "content": escape_html(comment.body),
            "approved": _STATES[comment.state],
            "type": "comment",
            "parent": comment.parent_id or 0,
        }
        said = "".join(f"<wp:comment_{name}>{_cdata(value)}</wp:comment_{name}>\n" for name, value in rows.items())
        yield f"<wp:comment>\n{said}</wp:comment>\n"


def _when(moment):
    # Without a zone: WordPress has one column for each.
    return moment.replace(tzinfo=None).isoformat(" ", "seconds")


def _rows(rows):
    return "".join(f"<wp:{name}>{_cdata(value)}</wp:{name}>\n" for name, value in rows.items())


def _cdata(value):
    return f"<![CDATA[{str(value).replace(']]>', ']]]]><![CDATA[>')}]]>"
