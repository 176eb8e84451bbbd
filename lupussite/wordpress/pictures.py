"""The pictures that texts of the export show -> pictures of this site, made from the media as an editor's upload would be."""

import json
import re
from pathlib import PurePosixPath

from articles.models import Picture
from articles.pictures import encoding, uploading
from lupussite.wordpress import media as medias
from lupussite.wordpress import outcome
from lupussite.wordpress.content import Shown
from lupussite.wordpress.content.figures import path_of
from lupussite.wordpress.content.parts import plain
from lupussite.wordpress.media import BadArchive, Media
from lupussite.wordpress.patience import patiently
from lupussite.wordpress.shelf import Shelf

_CREDIT = re.compile(r"_?(?:media_credit|photo_?credit|image_?credit|photographer|credit|source_name)", re.IGNORECASE)
_LICENSE = re.compile(r"_?(?:license|licence|usage_terms)", re.IGNORECASE)
# WordPress keeps what a camera or an agency wrote into the file as PHP writes its values.
_IN_FILE = re.compile(r's:\d+:"(credit|copyright)";s:\d+:"([^"]{2,})"')
_NUMBERS = re.compile(r"\bwp-image-(\d+)")
_LISTS = re.compile(r"\[gallery\b[^\]]*?\b(?:ids|include)\s*=\s*[\"']?([\d,\s]+)")
_SOURCES = re.compile(r"<img\b[^<>]*?\s(?:data-)?src\s*=\s*[\"']([^\"'<>]+)", re.IGNORECASE)
MOST = {name: Picture._meta.get_field(name).max_length for name in ("alt", "caption", "credit", "license")}


class Pictures:
    """Finds what stands for a picture; of each file once, whichever texts show it."""

    def __init__(self, shelf: Shelf, media: Media, *, dry_run: bool):
        self.shelf, self.media, self.dry_run = shelf, media, dry_run
        # Number of an item of the export -> what became of it, or why it can't be shown.
        self.became: dict[str, str] = {}
        self.made: dict[object, str | encoding.Refused] = {}

    def __call__(self, wanted: dict[str, str]) -> Shown | str:
        """Return the picture that a text wants, or words why there is none. Raises OSError when the disk takes no more."""
        item = self.item_of(wanted)
        if item is None and not wanted["src"]:
            return f"number {wanted['id'] or '?'}, which isn't in the export"
        words = _words_of(item)
        address = wanted["src"] or words["address"] or f"number {wanted['id']}"
        found = self.found(address, words | ({"alt": wanted["alt"]} if not words["alt"] else {}))
        if item is not None:
            self.became[item["id"]] = outcome.SHOWN if found.startswith("/") else found
        name = PurePosixPath(path_of(address)).name
        return Shown(found, words["alt"], words["caption"], name) if found.startswith("/") else found

    def item_of(self, wanted):
        """Return the item of the export that tells of the picture, or None."""
        by_address = self.shelf.file(key=medias.key(wanted["src"])) if wanted["src"] else None
        return by_address or (self.shelf.file(number=wanted["id"]) if wanted["id"] else None)

    def found(self, address, words):
        """Return the address of the picture here, or words why it has none."""
        if not self.media.given:
            return f"not taken, no media were given: {address[:300]}"
        places = self.media.find(address) or (self.media.find(words["address"]) if words["address"] else [])
        why = f"missing among the media: {address[:300]}"
        for place in places:
            if place not in self.made:
                self.made[place] = self.make(place, words)
            if isinstance(self.made[place], str):
                return self.made[place]
            why = f"can't be used: {address[:300]}: {self.made[place]}"
        return why

    def make(self, place, words):
        """Keep the picture and return its address here; what would be kept, on a dry run."""
        try:
            data = self.media.read(place)
            if self.dry_run:
                encoding.check(data)
                return f"/pictures/{len(self.made):064x}.jpg"
            alt = words["alt"][: MOST["alt"]]
            owed = {name: words[name][: MOST[name]] for name in ("caption", "credit", "license")}
            picture = patiently(lambda: uploading.bring(data, alt=alt, is_decorative=not alt, **owed))
            return f"/pictures/{picture.name}"
        except (encoding.Refused, BadArchive) as error:
            return error

    def are_shown_by(self, item) -> None:
        """Note the pictures of a text that is here already, without making them again."""
        data = json.loads(item["data"])
        text, fields = data.get("content:encoded", ""), data.get("wp:postmeta", [])
        numbers = set(_NUMBERS.findall(text)).union(*(re.findall(r"\d+", listed) for listed in _LISTS.findall(text)))
        numbers |= {field.get("wp:meta_value", "") for field in fields if field.get("wp:meta_key") == "_thumbnail_id"}
        numbers |= set(self.shelf.attached(item["id"])) if "[gallery" in text else set()
        items = [self.shelf.file(number=number) for number in numbers]
        items += [self.shelf.file(key=medias.key(src)) for src in _SOURCES.findall(text)]
        for one in filter(None, items):
            self.became.setdefault(one["id"], outcome.HERE)

    def of_item(self, item) -> tuple[str, str]:
        """Return (what became of a picture or file of the export, why it is not here), once all texts are through."""
        address = _words_of(item)["address"]
        if item["id"] in self.became:
            why = self.became[item["id"]]
            if why in {outcome.SHOWN, outcome.HERE}:
                return why, ""
            return (outcome.REFUSED if why.startswith("can't") else outcome.MISSING_FILE), why
        if not medias.is_picture(address):
            return outcome.NO_PICTURE, f"no picture, so it isn't taken: {address[:300]}"
        if not self.media.given:
            return outcome.MISSING_FILE, f"not taken, no media were given: {address[:300]}"
        if not self.media.find(address):
            return outcome.MISSING_FILE, f"missing among the media: {address[:300]}"
        return outcome.UNUSED, ""


def _words_of(item):
    """Return what the export says of a picture: "address", "alt", "caption", "credit" and "license"."""
    found = dict.fromkeys(("address", "alt", "caption", "credit", "license"), "")
    if item is None:
        return found
    data = json.loads(item["data"])
    found["address"] = (data.get("wp:attachment_url") or data.get("guid", "")).strip()
    found["caption"] = plain(data.get("excerpt:encoded", ""))
    for row in data.get("wp:postmeta", []):
        name, value = row.get("wp:meta_key", ""), row.get("wp:meta_value", "")
        if name == "_wp_attachment_image_alt":
            found["alt"] = " ".join(plain(value).split())
        elif name == "_wp_attachment_metadata":
            found["credit"] = found["credit"] or next((plain(said) for _, said in _IN_FILE.findall(value)), "")
        elif _CREDIT.fullmatch(name):
            found["credit"] = plain(value) or found["credit"]
        elif _LICENSE.fullmatch(name):
            found["license"] = plain(value)
    return found
