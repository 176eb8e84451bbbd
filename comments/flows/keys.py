"""New keys for the addresses, while the site is served: every row is written again under the newest ones, batch by batch.

A row names the keys it was written under, so a rotation that was broken off goes on where it ended, and a lost key has a name.
"""

import collections
import dataclasses
from collections.abc import Iterator

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.models import Comment, Contact, NoMail, Subscription
from comments.models.contact import LostKey, blind_indexes, current_keys, mailbox_indexes, name_of_key, opened
from mail import outbox

BATCH = 200
# Of two rows that turn out to be one person, the stricter word counts.
STRICTNESS = [Contact.Standing.NORMAL, Contact.Standing.HOLD, Contact.Standing.BLOCKED]


@dataclasses.dataclass
class Progress:
    """How many rows were due, are written anew, and cannot be opened because their key is lost."""

    due: int
    done: int = 0
    lost: int = 0


@dataclasses.dataclass(frozen=True)
class Row:
    """A contact as it was, and as it is to be."""

    pk: int
    mailbox: str
    new_index: str
    new_mailbox: str
    address: str


def due() -> models.QuerySet:
    """Return the contacts that were not written under the newest keys."""
    return Contact.objects.exclude(keys=current_keys())


def lost() -> list[str]:
    """Return a sentence for each key that addresses were stored under and that is in no list any more."""
    counts = collections.Counter()
    for keys, number in due().exclude(keys="").values_list("keys").order_by("keys").annotate(models.Count("pk")):
        for setting, name in zip(("CONTACT_KEYS", "CONTACT_INDEX_KEYS"), keys.split("."), strict=True):
            if name not in map(name_of_key, getattr(settings, setting)):
                counts[setting, name] += number
    return [
        ngettext(
            "{number} address was stored under the key {name}, which isn't in {setting}.",
            "{number} addresses were stored under the key {name}, which isn't in {setting}.",
            number,
        ).format(number=f"{number:,}", name=name, setting=setting)
        for (setting, name), number in counts.items()
    ]


def rotate() -> Iterator[Progress]:
    """Write what is due anew, at most BATCH rows in a transaction, and yield after each; may be broken off at any time.

    Encrypting is done between the transactions: the database is held for the writing alone.
    """
    progress, last = Progress(due().count()), 0
    token = Cast("address", models.BinaryField())
    while stored := list(
        due().filter(pk__gt=last).order_by("pk").annotate(token=token).values_list("pk", "mailbox", "token")[:BATCH]
    ):
        rows = []
        for pk, mailbox, sealed in stored:
            try:
                address = opened(bytes(sealed))
            except LostKey:
                progress.lost += 1
                continue
            rows.append(Row(pk, mailbox, blind_indexes(address)[0], mailbox_indexes(address)[0], address))
        _write(rows)
        progress.done += len(rows)
        last = stored[-1][0]
        yield progress
    if progress.done:
        outbox.add("empty_log", key="empty_log")


def _write(rows):
    """Write a batch; one in which two rows meet is written row by row."""
    try:
        with transaction.atomic():
            _write_rows(rows)
    except IntegrityError:
        for row in rows:
            with transaction.atomic():
                _merge(row)
                _write_rows([row])


def _write_rows(rows):
    field, keys = Contact._meta.get_field("address"), current_keys()
    with connection.cursor() as cursor:
        cursor.executemany(
            'UPDATE comments_contact SET address = %s, "index" = %s, mailbox = %s, keys = %s WHERE id = %s',
            [(field.get_prep_value(row.address), row.new_index, row.new_mailbox, keys, row.pk) for row in rows],
        )
    moved = {row.mailbox: row.new_mailbox for row in rows if row.mailbox != row.new_mailbox}
    # Other rows of the same mailbox too, so that at every moment one mailbox is one; and what is known of it without an address.
    for model, name in ((Contact, "mailbox"), (NoMail, "mailbox"), (Subscription, "asking")):
        for old in model.objects.filter(**{f"{name}__in": list(moved)}).values_list(name, flat=True).distinct():
            _move(model, name, old, moved[old])


def _move(model, name, old, new):
    rows = model.objects.filter(**{name: old})
    if not model._meta.get_field(name).unique or not model.objects.filter(**{name: new}).exists():
        rows.update(**{name: new})
    elif model is NoMail:
        rows.delete()
    else:
        rows.update(**{name: None})


def _merge(row):
    """Give what hangs on another row of the same person, made meanwhile under the newest key, to this one."""
    other = Contact.objects.defer("address").exclude(pk=row.pk).filter(index=row.new_index).first()
    if other is None:
        return
    Comment.objects.filter(contact=other).update(contact=row.pk)
    Subscription.objects.filter(contact=other).update(contact=row.pk)
    strictest = max(other.standing, Contact.objects.values_list("standing", flat=True).get(pk=row.pk), key=STRICTNESS.index)
    Contact.objects.filter(pk=row.pk).update(standing=strictest)
    other.delete()


def kept_as_index_alone() -> str:
    """Say for how long former index keys are needed, or nothing: what has no address cannot be written anew."""
    number = NoMail.objects.count()
    if not number or len(settings.CONTACT_INDEX_KEYS) == 1:
        return ""
    return ngettext(
        "{number} mailbox never wants email and is known by an index alone: keep the former CONTACT_INDEX_KEYS in the list.",
        "{number} mailboxes never want email and are known by an index alone: keep the former CONTACT_INDEX_KEYS in the list.",
        number,
    ).format(number=f"{number:,}")


def check(app_configs, databases, **kwargs):
    """Name lost keys, as a system check of the database."""
    from django.core.checks import Warning as CheckWarning

    if "default" not in (databases or []) or "keys" not in _columns():
        return []
    return [
        CheckWarning(words, hint=_("Put it back into the list, behind the newer ones."), id="comments.W002") for words in lost()
    ]


def _columns():
    with connection.cursor() as cursor:
        if Contact._meta.db_table not in connection.introspection.table_names(cursor):
            return set()
        return {column.name for column in connection.introspection.get_table_description(cursor, Contact._meta.db_table)}
