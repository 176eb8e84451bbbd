"""The WSGI application that granian serves."""

import os
import re

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lupussite.settings")


def utf8_only(wsgi):
    """Drop any charset that a request names: our forms are UTF-8, and Django would decode with whatever codec is named.

    Some of Python's codecs fail ("hex", "zlib"), before any middleware could answer; other words for text come out damaged and
    are refused by the form.
    """

    def wrapped(environ, start_response):
        content_type = environ.get("CONTENT_TYPE", "")
        if "charset" in content_type.lower():
            environ["CONTENT_TYPE"] = re.sub(
                r";\s*charset\*?\d*\*?\s*=\s*(?:\"[^\"]*\"|[^;]*)", "", content_type, flags=re.IGNORECASE
            )
        return wsgi(environ, start_response)

    return wrapped


application = utf8_only(get_wsgi_application())
