"""Static files under names that carry their hash."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStorage(ManifestStaticFilesStorage):
    """Hashed names for what our templates name; a file that was not collected keeps its plain name instead of an error."""

    manifest_strict = False
