"""What readers are told of a page's review, computed from (live hash, sign-offs, today) and never stored. Pure."""

import dataclasses
import datetime
import enum
from collections.abc import Sequence

from django.utils.translation import gettext as _


class Kind(enum.StrEnum):
    """What the page says of itself."""

    CURRENT = "current"
    OVERDUE = "overdue"
    CHANGED = "changed"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"
    STATED = "earlier"
    NOT_REVIEWED = "not-reviewed"


@dataclasses.dataclass(frozen=True)
class Signature:
    """One sign-off as a value; dates are None where an earlier site gave none.

    `read_on` is the day on which all of the page was read: of a signature on changes only, that of the one it builds on.
    """

    sha256: str
    scope: str
    origin: str
    name: str
    key: int = 0
    revision: int | None = None
    base: int | None = None
    credentials: str = ""
    specialty: str = ""
    ties: str = ""
    slug: str = ""
    edited: bool = False
    signed_on: datetime.date | None = None
    read_on: datetime.date | None = None
    valid_until: datetime.date | None = None
    revoked_on: datetime.date | None = None
    revocation_reason: str = ""

    @property
    def person(self) -> str:
        """The name with its letters."""
        return name_with_letters(self.name, self.credentials)

    @property
    def verb(self) -> str:
        """What the person did, as the page prints it."""
        return _("Reviewed and edited by") if self.edited else _("Reviewed by")


@dataclasses.dataclass(frozen=True)
class Status:
    """The one thing a page says.

    `signature` is the one it speaks of, None when nobody ever signed; `since` the day from which it is true; `signatures`
    are all that hold on the live text, the newest first; `of_text` is what an archived page's text would say of itself.
    """

    kind: Kind
    signature: Signature | None = None
    since: datetime.date | None = None
    signatures: tuple[Signature, ...] = ()
    of_text: Kind | None = None

    @property
    def is_reviewed(self) -> bool:
        """Whether the page may say "reviewed": somebody's word on exactly these words holds."""
        return bool(self.signatures) and self.kind in {Kind.CURRENT, Kind.OVERDUE, Kind.STATED, Kind.ARCHIVED}

    @property
    def is_signed(self) -> bool:
        """Whether that word was given here: machines are told of nothing else, for they leave out "as an earlier site stated"."""
        return self.is_reviewed and Kind.STATED not in {self.kind, self.of_text}


def name_with_letters(name: str, credentials: str) -> str:
    """Return "Donald Thomas, MD", or the name alone."""
    return f"{name}, {credentials}" if credentials else name


def broken(signature: Signature, signatures: Sequence[Signature]) -> Signature | None:
    """Return the revoked signature that this one is or rests on, or None while it holds.

    A signature on changes only vouches for the rest by the one it builds on; when that is revoked, it falls with it.
    """
    by_key = {one.key: one for one in signatures}
    # Bounded: each step goes to an older signature, and there are not more of them than this.
    for _step in range(len(by_key) + 1):
        if signature.revoked_on is not None:
            return signature
        if signature.base is None:
            return None
        if signature.base not in by_key:
            return signature
        signature = by_key[signature.base]
    return signature


def status(
    live_hash: str,
    signatures: Sequence[Signature],
    today: datetime.date,
    *,
    revision: int | None = None,
    published_on: datetime.date,
    withdrawn_on: datetime.date | None = None,
    archived_on: datetime.date | None = None,
) -> Status:
    """Return what a page whose live text has that hash says on that day; signatures come oldest first.

    The newest valid signature on the live revision, with its hash, decides; the same words under another number were not
    signed with it, they may have been refused since. `published_on` dates a change that nobody has signed.
    """
    if withdrawn_on:
        return Status(Kind.WITHDRAWN, since=withdrawn_on)
    on_live = [one for one in signatures if one.sha256 == live_hash and one.revision == revision]
    reviewed = _of_live_text(on_live, signatures, today, published_on)
    if archived_on:
        return dataclasses.replace(reviewed, kind=Kind.ARCHIVED, since=archived_on, of_text=reviewed.kind)
    return reviewed


def _of_live_text(on_live, signatures, today, published_on):
    valid = tuple(reversed([one for one in on_live if broken(one, signatures) is None]))
    signed = tuple(one for one in valid if one.origin == "signed")
    if signed:
        newest = signed[0]
        if today >= newest.valid_until:
            return Status(Kind.OVERDUE, newest, since=newest.valid_until, signatures=signed)
        return Status(Kind.CURRENT, newest, since=newest.signed_on, signatures=signed)
    if on_live and not valid:
        fallen = broken(on_live[-1], signatures)
        return Status(Kind.REVOKED, fallen, since=fallen.revoked_on)
    if valid:
        return Status(Kind.STATED, valid[0], since=valid[0].signed_on, signatures=valid)
    if not signatures:
        return Status(Kind.NOT_REVIEWED, since=published_on)
    earlier = [one for one in signatures if broken(one, signatures) is None]
    return Status(Kind.CHANGED, earlier[-1] if earlier else None, since=published_on)
