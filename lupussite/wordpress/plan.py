"""What each item becomes, before anything is written: its kind, its address here, and the addresses that it had."""

import dataclasses
import json
import re
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve
from django.utils.text import slugify

from articles.html.places import free
from articles.models import Address
from lupussite import old_addresses
from lupussite.models import Moved, Page
from lupussite.wordpress.shelf import Shelf

ARTICLE, PAGE, FILE, REUSABLE, LEFT = "article", "page", "file", "reusable block", "left"
UNPUBLISHED = {"draft", "pending", "private", "future"}
# For those that the mapping wants to be the other.
HERE_AS = {
    ARTICLE: "it's here as an article and stays one",
    PAGE: "it's here as a page and stays one; to get it as an article, delete the page and run this again",
}
# Of the site's looks and of the program itself.
DESIGN = frozenset(
    {
        "nav_menu_item", "custom_css", "customize_changeset", "oembed_cache", "user_request", "wp_global_styles", "wp_template",
        "wp_template_part", "wp_navigation", "wp_font_family", "wp_font_face", "revision",
    }
)  # fmt: skip


@dataclasses.dataclass
class Planned:
    """One item: what it becomes, whether readers see it, its address here; `why` says what there is to say of that.

    `overlaid` is its old address when another page of this site has it, so that links to it lead there.
    """

    number: int
    id: str
    becomes: str
    is_public: bool = False
    slug: str = ""
    why: str = ""
    is_here: bool = False
    overlaid: str = ""


class Plan:
    """The plan of a whole export; `addresses` leads from an old address to (what, slug)."""

    def __init__(self, shelf: Shelf, mapping: dict):
        self.site = site_of(shelf)
        self.hosts = hosts_of(shelf)
        self.items: dict[int, Planned] = {}
        self.by_id: dict[str, Planned] = {}
        self.addresses: dict[str, Planned] = {}
        self.reusable: dict[str, str] = {}
        self.numbers: dict[int, list[str]] = {}
        here = Moved.objects.filter(site=self.site, kind=Moved.Kind.POST)
        self.articles = dict(here.exclude(article=None).values_list("source", "article"))
        self.here = {
            ARTICLE: dict(here.exclude(article=None).values_list("source", "article__slug")),
            PAGE: dict(here.exclude(page=None).values_list("source", "page__slug")),
        }
        self.taken = {
            ARTICLE: set(Address.objects.values_list("slug", flat=True)),
            PAGE: set(Page.objects.values_list("slug", flat=True)),
        }
        as_articles = set(mapping["pages_as_articles"])
        self.before = {kind: set(slugs) for kind, slugs in self.taken.items()}
        children = []
        digests: dict[str, str] = {}
        for item in shelf.items():
            source = item["id"]
            if source in self.by_id:
                # Another item with the same number, in a file that somebody put together.
                source = f"{source}+{item['digest'][:12]}"
            if source in self.by_id or item["digest"] == digests.get(item["id"]):
                self.items[item["n"]] = Planned(item["n"], source, LEFT, why=f"a second copy of number {item['id']}")
                continue
            planned = self._planned(item, source, as_articles)
            self.items[planned.number] = self.by_id[planned.id] = planned
            digests[source] = item["digest"]
            if planned.becomes in {ARTICLE, PAGE}:
                self._addresses(item, planned)
            elif planned.becomes == FILE:
                children.append((item["parent"], item["link"], item["id"]))
        for parent, link, number in children:
            # The page of a picture leads to the post that the picture stands in.
            owner = self.by_id.get(parent)
            if owner and owner.becomes in {ARTICLE, PAGE}:
                self._lead(owner, [link, f"/?attachment_id={number}"])

    def _planned(self, item, source, as_articles):
        planned = Planned(item["n"], source, LEFT)
        kind, status = item["type"], item["status"]
        if kind == "attachment":
            planned.becomes = FILE
        elif kind == "wp_block":
            planned.becomes = REUSABLE
            self.reusable[item["id"]] = json.loads(item["data"]).get("content:encoded", "")
        elif kind in DESIGN:
            planned.why = "menus" if kind == "nav_menu_item" else "the looks and settings of the earlier site"
        elif kind == "list":
            planned.why = "it only lists other pages"
        elif kind not in {"post", "page"}:
            planned.why = f"“{kind}” is a kind of content that a plugin made"
        elif status not in {"publish", *UNPUBLISHED}:
            planned.why = "it was in the trash" if status == "trash" else f"its state is “{status}”"
        else:
            protected = bool(json.loads(item["data"]).get("wp:post_password"))
            planned.becomes = PAGE if kind == "page" and item["slug"] not in as_articles else ARTICLE
            planned.is_public = status == "publish" and not protected
            planned.why = (
                "it was protected by a password" if protected else "" if planned.is_public else f"its state was “{status}”"
            )
            if found := next((kind for kind in self.here if source in self.here[kind]), None):
                planned.why = "" if found == planned.becomes else HERE_AS[found]
                planned.becomes, planned.slug, planned.is_here = found, self.here[found][source], True
            else:
                planned.slug = self._slug(item, planned.becomes)
        return planned

    def _slug(self, item, becomes):
        wanted = item["slug"] or plain_title(item["title"])
        base = slugify(wanted) or slugify(plain_title(item["title"])) or f"{item['type']}-{slugify(item['id'])}"
        if len(base) > 90:
            base = base[:90].rpartition("-")[0] or base[:90]
        slug = free(base, self.taken[becomes].__contains__)
        self.taken[becomes].add(slug)
        return slug

    def _addresses(self, item, planned):
        data = json.loads(item["data"])
        link, number = item["link"], item["id"]
        old = [link, f"/?p={number}", f"/?page_id={number}"]
        guid = data.get("guid", "")
        if urlsplit(guid).netloc in self.hosts:
            old.append(guid)
        folder = urlsplit(link).path.rstrip("/").rpartition("/")[0]
        old += [
            f"{folder}/{row.get('wp:meta_value', '')}/"
            for row in data.get("wp:postmeta", [])
            if row.get("wp:meta_key") == "_wp_old_slug" and row.get("wp:meta_value")
        ]
        base = urlsplit(f"//{self.site}").path
        day = re.match(r"(\d{4})-(\d\d)-(\d\d)", data.get("wp:post_date", ""))
        if item["slug"] and item["type"] == "post":
            categories = [row.get("nicename", "") for row in data.get("category", []) if row.get("domain") == "category"]
            # However permalinks were set before, links in other places still lead there.
            old += [f"{base}/{item['slug']}/", *(f"{base}/{name}/{item['slug']}/" for name in categories if name)]
            if day and day[1] != "0000":
                year, month, date = day.groups()
                old += [f"{base}/{year}/{month}/{item['slug']}/", f"{base}/{year}/{month}/{date}/{item['slug']}/"]
        if base:
            old += [f"{base}/?p={number}", f"{base}/?page_id={number}"]
        self._lead(planned, old)
        if self._is_own(link, planned):
            planned.overlaid = urlsplit(link).path

    def _lead(self, planned, addresses):
        for address in addresses:
            key = old_addresses.key(address)
            if key and key != "/" and self.addresses.setdefault(key, planned) is planned:
                self.numbers.setdefault(planned.number, []).append(key)

    def _is_own(self, address, planned):
        """Return whether another page of this site answers under an old address."""
        if not address or urlsplit(address).query:
            return False
        path = unquote(old_addresses.key(address))
        try:
            found = resolve(f"{path.rstrip('/')}/")
        except Resolver404:
            return False
        kind = {"detail": ARTICLE, "page": PAGE}.get(found.view_name)
        if kind:
            slug = found.kwargs["slug"]
            return slug in self.before[kind] and (kind, slug) != (planned.becomes, planned.slug)
        return not found.kwargs

    def link(self, address: str) -> str:
        """Return where a link of the earlier site leads now: to its page here, or still where it led."""
        parts = urlsplit(address) if not re.search(r"[\[\]]", address) else None
        if parts is None or (parts.netloc and parts.netloc.casefold() not in self.hosts):
            return address
        if parts.scheme not in {"", "http", "https"} or (not parts.path and not parts.query):
            return address
        found = self.addresses.get(old_addresses.key(address))
        if not found:
            return address
        folder = "articles" if found.becomes == ARTICLE else "pages"
        return f"/{folder}/{found.slug}/{'#' + parts.fragment if parts.fragment else ''}"


def site_of(shelf: Shelf) -> str:
    """Return the earlier site's address without "https://", which changes: host and folder."""
    address = shelf.site.get("base_blog_url") or shelf.site.get("link") or shelf.site.get("base_site_url") or "unknown"
    parts = urlsplit(address if "//" in address else f"//{address}")
    return f"{parts.netloc.casefold().removeprefix('www.')}{parts.path.rstrip('/')}"[:200] or "unknown"


def hosts_of(shelf: Shelf) -> set[str]:
    """Return the hosts whose links are the site's own."""
    hosts = {urlsplit(shelf.site.get(name, "")).netloc.casefold() for name in ("base_blog_url", "link")} - {""}
    return hosts | {f"www.{host}" for host in hosts} | {host.removeprefix("www.") for host in hosts}


def plain_title(text: str) -> str:
    """Return a title without its markup."""
    return re.sub(r"<[^<>]*>", "", text)
