"""granian's command line, with the site loaded before any serving process begins.

Forked from here they share most of their memory, and a new one takes requests a fraction of a second later. Nothing loaded here
opens a database or starts a thread: neither would survive the fork. Where Python spawns instead, each process loads for itself.
"""

import gc
import importlib
import os

import django
from granian.cli import entrypoint

from comments import screening

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lupussite.settings")
    django.setup()
    importlib.import_module("lupussite.urls")
    screening.prepare()
    # What is never thrown away need not be looked at again: that would copy the shared memory.
    gc.collect()
    gc.freeze()
    entrypoint()
