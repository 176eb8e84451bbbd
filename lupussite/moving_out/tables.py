"""Which tables leave the site, in an order in which each row comes after what it names, and a row as plain values."""

import contextlib
import datetime
import uuid

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime

from articles.models import (
    Address,
    Article,
    ArticleEvent,
    MailChoice,
    MistakeReport,
    Picture,
    PublicationPlan,
    Reminder,
    Retraction,
    Reviewer,
    ReviewerEvent,
    Revision,
    SavedDraft,
    SignOff,
    SiteIdentity,
    Source,
    Topic,
    TopicAddress,
    UnsavedDraft,
)
from comments.models import (
    BlockedHost,
    Comment,
    CommentEvent,
    CommentSettings,
    EventNote,
    HelpLine,
    Letter,
    NoMail,
    Redaction,
    Report,
    Subscription,
    WatchedWord,
)
from comments.models.contact import Contact
from lupussite.models import Appearance, Moved, OldAddress, Page

FORMAT = 2
CONTENT = (
    SiteIdentity, Topic, TopicAddress, Reviewer, ReviewerEvent, Picture, Article, Address, Source, Retraction, Revision, SignOff,
    ArticleEvent, PublicationPlan, MistakeReport, Reminder, MailChoice, SavedDraft, UnsavedDraft, CommentSettings, Comment,
    CommentEvent, EventNote, Letter, Redaction, Report, HelpLine, WatchedWord, BlockedHost, Page, Appearance, OldAddress,
    Moved,
)  # fmt: skip
# Who wants mail, and who wants none, says nothing without the address.
OF_ADDRESSES = (Subscription, NoMail)
# Rows that every new site has, and that come back as the old one had them.
ALWAYS_THERE = (SiteIdentity, HelpLine, CommentSettings)
# What an export of an earlier version may lack.
SINCE_THEN = (Appearance,)
# Of people who work here, only what their deeds are named by: no password, no second factor, no email address.
OF_USERS = ("username", "first_name", "last_name")


def tables(*, addresses: bool) -> list[type[models.Model]]:
    """Return the tables besides that of accounts."""
    return [Contact, *CONTENT, *OF_ADDRESSES] if addresses else list(CONTENT)


def users():
    """Return the accounts that anything names, which is everybody who works or worked here."""
    return get_user_model().objects.order_by("pk").values(*OF_USERS)


def fields(model) -> list[models.Field]:
    """Return the columns of a table that leave; the index of an address is computed anew with the other site's own key."""
    return [field for field in model._meta.concrete_fields if not (model is Contact and field.name == "index")]


def many(model) -> list[str]:
    """Return the names of its lists of other rows."""
    return [field.name for field in model._meta.local_many_to_many]


def lists_people(model, name: str) -> bool:
    """Return whether a list of other rows is one of accounts."""
    return model._meta.get_field(name).related_model is get_user_model()


def names_people(field: models.Field) -> bool:
    """Return whether a column names an account; it leaves as the name of that, for keys are other ones elsewhere."""
    return bool(field.remote_field) and field.related_model is get_user_model()


def row(one: models.Model, people: dict[int, str], *, addresses: bool) -> dict:
    """Return a row as values of JSON; `people` are the names of accounts by their keys."""
    found = {}
    for field in fields(type(one)):
        value = getattr(one, field.attname)
        found[field.attname] = people.get(value) if names_people(field) else _plain(value)
    if isinstance(one, Comment) and not addresses:
        found["contact_id"] = None
    if isinstance(one, Redaction) and not addresses:
        found["original"] = ""
    for name in many(type(one)):
        keys = sorted(other.pk for other in getattr(one, name).all())
        found[name] = [people[key] for key in keys] if lists_people(type(one), name) else keys
    return found


def _plain(value):
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def from_row(model, found: dict, people: dict[str, int]) -> models.Model:
    """Return the object of a row; `people` are the keys of accounts here by their names. Raises KeyError, ValueError."""
    values = {}
    for field in fields(model):
        value = found[field.attname]
        if names_people(field) and value is not None:
            value = people[value]
        elif value is not None and isinstance(field, models.DateTimeField):
            value = parse_datetime(value)
        elif value is not None and isinstance(field, models.DateField):
            value = parse_date(value)
        elif value is not None and isinstance(field, models.UUIDField):
            value = uuid.UUID(value)
        values[field.attname] = value
    return model(**values)


@contextlib.contextmanager
def times_as_they_were(model):
    """Let rows keep the times of their own that Django would otherwise write anew."""
    own = [
        field
        for field in model._meta.concrete_fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ]
    before = [(field, field.auto_now, field.auto_now_add) for field in own]
    for field in own:
        field.auto_now = field.auto_now_add = False
    try:
        yield
    finally:
        for field, now, add in before:
            field.auto_now, field.auto_now_add = now, add
