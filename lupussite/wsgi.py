"""The WSGI application that granian serves."""

import io
import os
import re

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from lupussite.copies.front import Front
from lupussite.copies.watch import watch
from lupussite.remembered import site

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


django_application = get_wsgi_application()
site.watch = watch()
front = Front(django_application, site.watch, most=settings.READY_COPIES_MB * 1024 * 1024)
application = utf8_only(front)


def warm_up() -> None:
    """Make a page that nobody asked for, so that the first reader does not wait for templates to be read."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "SERVER_NAME": settings.ALLOWED_HOSTS[0],
        "SERVER_PORT": settings.PORT,
        "HTTP_HOST": settings.ALLOWED_HOSTS[0],
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "https" if settings.HTTPS else "http",
        "wsgi.input": io.BytesIO(),
    }
    django_application(environ, lambda status, headers: None).close()
