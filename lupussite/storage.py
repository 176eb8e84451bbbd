"""Static files under names that carry their hash."""

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.storage import FileSystemStorage


class HashedStorage(ManifestStaticFilesStorage):
    """Hashed names for what our templates name; a file that was not collected keeps its plain name instead of an error."""

    manifest_strict = False

    def __init__(self, *args, **kwargs):
        """Keep the list of names outside the folder that is served."""
        super().__init__(*args, manifest_storage=FileSystemStorage(location=settings.COLLECTED_ROOT), **kwargs)
