"""A Django site that does nothing but return the bytes of a file: the least that a page can cost. BARE names the file."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY="bench", MIDDLEWARE=[])
PAGE = Path(os.environ["BARE"]).read_bytes()
urlpatterns = [path("", lambda request: HttpResponse(PAGE, headers={"Content-Length": str(len(PAGE))}))]
application = get_wsgi_application()
