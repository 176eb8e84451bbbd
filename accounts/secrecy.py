"""Keys that follow from SECRET_KEY: what they lock, a copy of the database does not open.

No key of its own that could be lost: what lies under these, second factors of a few people and sessions, is made again in a
minute, and SECRET_KEY_FALLBACKS carries it through a change.
"""

import base64

from cryptography.fernet import Fernet, MultiFernet
from django.utils.crypto import salted_hmac

from web.tokens import all_keys


def box(purpose: str) -> MultiFernet:
    """Return what encrypts under a key for this purpose alone, and opens what was encrypted under earlier ones."""
    hashes = [salted_hmac(purpose, "", secret=key, algorithm="sha256").digest() for key in all_keys()]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in hashes])
