"""What readers are told of a page's review, computed from (live hash, signatures, today) and never stored. Pure."""

import dataclasses
import datetime
import enum


class Kind(enum.StrEnum):
    """What the page says of itself."""

    CURRENT = "current"
    OVERDUE = "overdue"
    CHANGED = "changed"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    STATED = "earlier"


@dataclasses.dataclass(frozen=True)
class Signature:
    """One sign-off as a value; dates are None where an earlier site gave none."""

    sha256: str
    scope: str
    origin: str
    name: str
    credentials: str = ""
    specialty: str = ""
    ties: str = ""
    edited: bool = False
    signed_on: datetime.date | None = None
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
        return "Reviewed and edited by" if self.edited else "Reviewed by"


@dataclasses.dataclass(frozen=True)
class Status:
    """The one thing a page says; `signature` is the one it speaks of, None when nobody ever signed."""

    kind: Kind
    signature: Signature | None = None
    since: datetime.date | None = None

    @property
    def is_reviewed(self) -> bool:
        """Whether the words on the page were reviewed, as far as this site or an earlier one vouches."""
        return self.kind in {Kind.CURRENT, Kind.OVERDUE, Kind.STATED}


def name_with_letters(name: str, credentials: str) -> str:
    """Return "Donald Thomas, MD", or the name alone."""
    return f"{name}, {credentials}" if credentials else name


def status(
    live_hash: str,
    signatures: list[Signature],
    today: datetime.date,
    *,
    published_on: datetime.date,
    withdrawn_on: datetime.date | None = None,
) -> Status:
    """Return what a page whose live text has that hash says on that day; signatures come oldest first.

    The newest valid signature on the live hash decides. `published_on` dates a change that nobody has signed.
    """
    if withdrawn_on:
        return Status(Kind.WITHDRAWN, since=withdrawn_on)
    on_live = [signature for signature in signatures if signature.sha256 == live_hash]
    valid = [signature for signature in on_live if signature.revoked_on is None]
    signed = [signature for signature in valid if signature.origin == "signed"]
    if signed:
        newest = signed[-1]
        if today >= newest.valid_until:
            return Status(Kind.OVERDUE, newest, since=newest.valid_until)
        return Status(Kind.CURRENT, newest, since=newest.signed_on)
    if on_live and not valid:
        return Status(Kind.REVOKED, on_live[-1], since=on_live[-1].revoked_on)
    if valid:
        return Status(Kind.STATED, valid[-1], since=valid[-1].signed_on)
    earlier = [signature for signature in signatures if signature.revoked_on is None]
    return Status(Kind.CHANGED, earlier[-1] if earlier else None, since=published_on)
