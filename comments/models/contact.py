"""The private row with an email address: encrypted, found by a keyed hash.

Comments refer to a contact by key and show its tag; `Comment.objects.with_tags()` fetches the tag without the row.
"""

import functools
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from web import many_rows
from web.mail_addresses import normal_address
from web.prepared import Prepared

# 31 signs, a prime, so that the check digit notices every single wrong sign and every swap of two neighbours;
# without 0, I, L, O and U, which are misread.
TAG_ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Before the check digit. Four signs are enough for a million people; a longer tag when they run out.
TAG_LENGTHS = (4, 6)
INDEX_LENGTH = 64
# Where dots in front of the @ mean nothing, and the two names one mailbox: https://support.google.com/mail/answer/7436150
DOTS_MEAN_NOTHING = {"gmail.com", "googlemail.com"}


@functools.cache
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


class LostKey(InvalidToken):
    """No key of CONTACT_KEYS opens a token."""


class EncryptedTextField(models.BinaryField):
    """Text that lies in the database as a Fernet token under the newest of CONTACT_KEYS; it cannot be searched.

    A token shows when it was made and how long its text is (https://github.com/fernet/spec).
    """

    def get_prep_value(self, value):
        """Encrypt the text."""
        return None if value is None else _fernet(tuple(settings.CONTACT_KEYS)).encrypt(value.encode())

    def from_db_value(self, value, expression, connection):
        """Decrypt the token with whichever key made it; raises LostKey when none did."""
        return None if value is None else opened(bytes(value))

    def get_lookup(self, lookup_name):
        """Refuse every lookup but "is it there": equal addresses have different tokens."""
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and cannot be looked up; use the blind index.")
        return super().get_lookup(lookup_name)


def opened(token: bytes) -> str:
    """Return the text of a token; raises LostKey with words for whoever looks after the keys."""
    try:
        return _fernet(tuple(settings.CONTACT_KEYS)).decrypt(token).decode()
    except InvalidToken:
        raise LostKey(
            _("None of the CONTACT_KEYS opens this address. Put the key it was stored under back into the list.")
        ) from None


def check_digit(signs: str) -> str:
    """Return the last sign of a person tag: the weighted sum of the others modulo 31."""
    return TAG_ALPHABET[sum(place * TAG_ALPHABET.index(sign) for place, sign in enumerate(signs, 1)) % len(TAG_ALPHABET)]


def is_tag(text: str) -> bool:
    """Return whether this can be a person tag: only signs that tags have, and the check digit is right."""
    signs, hyphen, last = text.partition("-")
    return len(signs) in TAG_LENGTHS and set(signs) <= set(TAG_ALPHABET) and hyphen + last == f"-{check_digit(signs)}"


def new_tag(length: int = TAG_LENGTHS[0]) -> str:
    """Return a random person tag such as 4F7K-2."""
    signs = "".join(secrets.choice(TAG_ALPHABET) for _ in range(length))
    return f"{signs}-{check_digit(signs)}"


def current_keys() -> str:
    """Return the names of the keys under which a row is written now: of the newest of CONTACT_KEYS and of CONTACT_INDEX_KEYS."""
    return f"{name_of_key(settings.CONTACT_KEYS[0])}.{name_of_key(settings.CONTACT_INDEX_KEYS[0])}"


def name_of_key(key: str) -> str:
    """Return what a key is called where it may not be told: eight digits, from which it does not follow."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def _indexes(text: str) -> list[str]:
    return [hmac.digest(key.encode(), text.encode(), "sha256").hex() for key in settings.CONTACT_INDEX_KEYS]


def blind_indexes(address: str) -> list[str]:
    """Return the keyed hashes under which the same address is found again: HMAC-SHA256 with each of CONTACT_INDEX_KEYS."""
    return _indexes(normal_address(address))


def mailbox_indexes(address: str) -> list[str]:
    """Return the keyed hashes under which the same mailbox is found again, however the address of it is varied.

    Left out is what mail servers leave out: what follows a "+", quotes, and dots at Gmail. It only counts and refuses mail; who
    is the same person is for `blind_indexes`.
    """
    local, _, domain = normal_address(address).rpartition("@")
    # A quoted part may hold a backslash before any sign: "a\b"@example.org is ab@example.org.
    local = local.replace('"', "").replace("\\", "")
    # What begins with the "+" is all there is of it.
    local = local.partition("+")[0] or local
    if domain in DOTS_MEAN_NOTHING:
        local, domain = local.replace(".", ""), "gmail.com"
    return _indexes(f"mailbox\n{local}@{domain}")


class ContactManager(models.Manager):
    """Finds or makes the contact of an address."""

    def of(self, address: str) -> "Contact | None":
        """Return the contact of an address, made when it is new; None for an empty address."""
        if not address:
            return None
        indexes = blind_indexes(address)
        for attempt in range(20):
            known = min(
                (contact for index in indexes for contact in _by_index(index)), key=lambda contact: contact.pk, default=None
            )
            if known:
                return known
            try:
                with transaction.atomic():
                    tag = new_tag(TAG_LENGTHS[0 if attempt < 8 else 1])
                    return self.create(index=indexes[0], mailbox=mailbox_indexes(address)[0], address=address, tag=tag)
            except IntegrityError:
                continue  # The tag is taken, or the same person came in by another process.
        raise RuntimeError("no free person tag was found")

    def keys_of_many(self, addresses: set[str]) -> dict[str, int]:
        """Return the key of the contact of each address, made where it is new; a few queries for any number."""
        indexes = {address: blind_indexes(address) for address in sorted(addresses)}
        known = self._known(indexes)
        new = {indexes[address][0]: address for address in indexes if address not in known}
        if new:
            keys = current_keys()
            rows = ((index, mailbox_indexes(address)[0], address, new_tag(), keys) for index, address in new.items())
            many_rows.insert(self.model, ("index", "mailbox", "address", "tag", "keys"), rows, ignore_conflicts=True)
            known |= self._known({address: found for address, found in indexes.items() if address not in known})
        # One at a time where the tag was taken.
        return known | {address: self.of(address).pk for address in indexes.keys() - known.keys()}

    def _known(self, indexes):
        """Return the key of the contact of each address that has one, by the indexes under which each may be found."""
        wanted = [index for found in indexes.values() for index in found]
        keys = dict(self.filter(index__in=wanted).values_list("index", "pk"))
        found = {address: [keys[index] for index in all_of if index in keys] for address, all_of in indexes.items()}
        return {address: min(pks) for address, pks in found.items() if pks}


class Contact(models.Model):
    """The private row with an e-mail address."""

    class Standing(models.TextChoices):
        NORMAL = "normal", _("Like everyone else's")
        HOLD = "hold", _("Always take a second look")
        BLOCKED = "blocked", _("Always treat as likely spam")

    tag = models.CharField(_("person tag"), max_length=10, unique=True)
    index = models.CharField(max_length=INDEX_LENGTH, unique=True)
    mailbox = models.CharField(
        max_length=INDEX_LENGTH, db_index=True, help_text=_("A blind index, but the same for a+1@… and a+2@….")
    )
    address = EncryptedTextField()
    standing = models.CharField(
        max_length=8,
        choices=Standing,
        default=Standing.NORMAL,
        help_text=_("Decides which lane new comments go to. It never rejects one."),
    )
    keys = models.CharField(
        max_length=20,
        default=current_keys,
        db_index=True,
        help_text=_("The names of the keys that this row was written under; empty when it was before keys had names."),
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = ContactManager()

    class Meta:
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=~models.Q(mailbox=""), name="comments_contact_has_a_mailbox")]
        permissions = [("reveal_contact", _("Can see an email address after giving a reason"))]

    def __str__(self):
        return self.tag


_by_index = Prepared(lambda index: Contact.objects.defer("address").filter(index=index), str)
