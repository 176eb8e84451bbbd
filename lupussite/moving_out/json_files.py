"""A folder of JSON: a file for each table, a row a line, and a list of the files with their hashes."""

import contextlib
import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils import timezone

from articles import verification
from articles.models import Article
from comments.models import NoMail, Subscription
from comments.models.contact import Contact, blind_indexes, current_keys, mailbox_indexes
from lupussite.models import Moved
from lupussite.moving_out import picture_files
from lupussite.moving_out.tables import (
    ALWAYS_THERE,
    FORMAT,
    SINCE_THEN,
    from_row,
    lists_people,
    many,
    row,
    tables,
    times_as_they_were,
    users,
)
from mail import outbox
from mail.models import Outbox

AT_ONCE = 500
MANIFEST = "manifest.json"


class NotEqual(Exception):
    """The folder does not hold what it says, or the site is not empty; the words say so."""


def write(folder: Path, *, addresses: bool) -> dict[str, int]:
    """Write everything, readable by nobody else, and return how many rows of each table. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise NotEqual(f"{folder} is not empty")
    with one_moment():
        files = {"accounts.user": _write(folder, "accounts.user", users().iterator(chunk_size=AT_ONCE))}
        people = dict(get_user_model().objects.values_list("pk", "username"))
        for model in tables(addresses=addresses):
            rows = model.objects.order_by("pk").prefetch_related(*many(model)).iterator(chunk_size=AT_ONCE)
            files[model._meta.label_lower] = _write(
                folder, model._meta.label_lower, (row(one, people, addresses=addresses) for one in rows)
            )
        pictures = picture_files.write(folder)
    about = {"format": FORMAT, "site": settings.SITE_URL, "made": timezone.now().isoformat(), "addresses": addresses}
    with _private(folder / MANIFEST) as file:
        json.dump(about | {"tables": files, "pictures": pictures}, file, indent=1)
    counts = {name: one["rows"] for name, one in files.items()} | {"files of pictures": pictures["files"]}
    return counts | ({"files of pictures that are gone here": len(pictures["gone"])} if pictures["gone"] else {})


@contextlib.contextmanager
def one_moment():
    """See all tables as they are at one moment, without keeping anybody from writing."""
    if connection.in_atomic_block:
        yield
        return
    isolated = " ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        # Not Django's own transaction: on SQLite that one is for writing, and others would wait.
        cursor.execute(f"BEGIN{isolated}")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _private(path):
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")


def _write(folder, name, rows):
    digest, count = hashlib.sha256(), 0
    with _private(folder / f"{name}.jsonl") as file:
        for one in rows:
            line = json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n"
            digest.update(line.encode())
            file.write(line)
            count += 1
    return {"file": f"{name}.jsonl", "rows": count, "sha256": digest.hexdigest()}


@transaction.atomic
def read(folder: Path) -> Counter:
    """Make an equal site of the folder in an empty one, and return how many rows of each table.

    Raises NotEqual, and writes nothing, when a file or a frozen text does not have its hash. Raises OSError.
    """
    if Article.objects.exists():
        raise NotEqual("this site has articles already; an export comes back into an empty one")
    try:
        about = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        names, gone = about["tables"], set(about["pictures"]["gone"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotEqual(f"{folder / MANIFEST} can't be read") from error
    if about.get("format") != FORMAT:
        raise NotEqual(f"this export has format {about.get('format')}, and this version reads format {FORMAT}")
    people = _people(_lines(folder, "accounts.user", names))
    counted = Counter()
    models = tables(addresses=about.get("addresses", False))
    models = [model for model in models if model not in SINCE_THEN or model._meta.label_lower in names]
    for always_there in ALWAYS_THERE:
        always_there.objects.all().delete()
    mailboxes: dict[str, str] = {}
    for model in models:
        lines = _lines(folder, model._meta.label_lower, names)
        with times_as_they_were(model):
            while rows := list(islice(lines, AT_ONCE)):
                _store(model, rows, people, mailboxes)
                counted[model._meta.label_lower] += len(rows)
    for model in models:
        _link(model, _lines(folder, model._meta.label_lower, names), people)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    if wrong := next(picture_files.read(folder, gone), None):
        raise NotEqual(wrong)
    if problems := list(verification.verify(Counter(), with_files=False)):
        raise NotEqual(f"{len(problems)} frozen texts or signatures don't hold, the first: {problems[0]}")
    if Moved.objects.filter(is_screened=False).exists():
        outbox.add("screen_arrived", key="screen_arrived", priority=Outbox.Priority.BATCH)
    return counted


def _lines(folder, name, names) -> Iterator[dict]:
    if name not in names:
        raise NotEqual(f"the list of files doesn't name {name}")
    digest, count = hashlib.sha256(), 0
    with (folder / f"{name}.jsonl").open("rb") as file:
        for line in file:
            digest.update(line)
            count += 1
            yield json.loads(line)
    if (count, digest.hexdigest()) != (names[name]["rows"], names[name]["sha256"]):
        raise NotEqual(f"{name}.jsonl was changed since it was written")


def _people(lines):
    """Return name -> key: who has an account of that name here is the same person; others get one that opens nothing."""
    model, found = get_user_model(), {}
    for one in lines:
        user, is_new = model.objects.get_or_create(
            username=one["username"],
            defaults={"first_name": one["first_name"], "last_name": one["last_name"], "is_active": False, "is_staff": True},
        )
        if is_new:
            user.set_unusable_password()
            user.save()
        found[user.username] = user.pk
    return found


def _store(model, rows, people, mailboxes):
    """Store rows; `mailboxes` gets, and has, what a mailbox is known by here for what it was known by there."""
    try:
        made = [from_row(model, one, people) for one in rows]
    except (KeyError, ValueError, TypeError) as error:
        raise NotEqual(f"a row of {model._meta.label_lower} can't be read: {error}") from error
    if model is Contact:
        for contact in made:
            there, contact.index = contact.mailbox, blind_indexes(contact.address)[0]
            contact.mailbox, contact.keys = mailbox_indexes(contact.address)[0], current_keys()
            mailboxes[there] = contact.mailbox
    elif model in {NoMail, Subscription}:
        column = "mailbox" if model is NoMail else "asking"
        for one in made:
            setattr(one, column, mailboxes.get(getattr(one, column), getattr(one, column)))
    model.objects.bulk_create(made, batch_size=AT_ONCE)


def _link(model, lines, people):
    """Fill the lists of other rows, once all rows are there."""
    throughs = {name: getattr(model, name).through for name in many(model)}
    for one in lines if throughs else ():
        for name, through in throughs.items():
            source, target = (field.attname for field in through._meta.fields[1:3])
            keys = [people[key] for key in one[name]] if lists_people(model, name) else one[name]
            through.objects.bulk_create(through(**{source: one["id"], target: key}) for key in keys)
