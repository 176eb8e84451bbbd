"""Writes small exports as WordPress does."""

import itertools
from collections.abc import Iterable

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>Old Blog</title><link>https://old.example.org</link><language>en-US</language>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>https://old.example.org</wp:base_site_url><wp:base_blog_url>https://old.example.org</wp:base_blog_url>
<wp:author><wp:author_id>1</wp:author_id><wp:author_login><![CDATA[admin]]></wp:author_login>
<wp:author_display_name><![CDATA[admin]]></wp:author_display_name></wp:author>
"""
TAIL = "</channel></rss>\n"
_numbers = itertools.count(1)


def cdata(text: str) -> str:
    """Return text as WordPress puts it into CDATA."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def item(
    title="A Post", content="<p>First.</p>\n\n<p>Second.</p>", *, comments=(), meta=None, categories=(), more="", **fields
) -> str:
    """Return an item; fields are those of "wp:", and `link`, `excerpt` and `creator`."""
    number = str(fields.pop("post_id", None) or next(_numbers) + 1000)
    slug = fields.pop("post_name", f"post-{number}")
    link = fields.pop("link", f"https://old.example.org/2019/03/{slug}/")
    excerpt, creator = fields.pop("excerpt", ""), fields.pop("creator", "admin")
    wp = {
        "post_id": number,
        "post_date": "2019-03-04 10:00:00",
        "post_date_gmt": "2019-03-04 10:00:00",
        "comment_status": "open",
        "post_name": slug,
        "status": "publish",
        "post_parent": "0",
        "post_type": "post",
        "post_password": "",
        "is_sticky": "0",
    } | fields
    rows = "".join(f"<wp:{name}>{cdata(value)}</wp:{name}>\n" for name, value in wp.items())
    terms = "".join(f'<category domain="{kind}" nicename="{slug}">{cdata(name)}</category>\n' for kind, slug, name in categories)
    metas = "".join(
        f"<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key><wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>\n"
        for key, value in (meta or {}).items()
    )
    return (
        f"<item><title>{cdata(title)}</title><link>{link}</link><pubDate>Mon, 04 Mar 2019 10:00:00 +0000</pubDate>"
        f'<dc:creator>{cdata(creator)}</dc:creator><guid isPermaLink="false">https://old.example.org/?p={number}</guid>'
        f"<description></description><content:encoded>{cdata(content)}</content:encoded>"
        f"<excerpt:encoded>{cdata(excerpt)}</excerpt:encoded>\n{rows}{terms}{metas}{more}{''.join(comments)}</item>\n"
    )


def comment(body="Thank you.", **fields) -> str:
    """Return a comment; fields are those of "wp:comment_"."""
    wp = {
        "id": str(next(_numbers) + 5000),
        "author": "Marta",
        "author_email": "marta@example.org",
        "author_url": "https://marta.example.org",
        "author_IP": "203.0.113.9",
        "date": "2019-04-01 10:00:00",
        "date_gmt": "2019-04-01 10:00:00",
        "content": body,
        "approved": "1",
        "type": "comment",
        "parent": "0",
        "user_id": "7",
    } | fields
    rows = "".join(f"<wp:comment_{name}>{cdata(value)}</wp:comment_{name}>\n" for name, value in wp.items())
    return f"<wp:comment>\n{rows}</wp:comment>\n"


def export(items: Iterable[str], head: str = "") -> str:
    """Return a whole export."""
    return f"{HEAD}{head}{''.join(items)}{TAIL}"
