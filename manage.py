#!/usr/bin/env python
"""Django's command line for this site."""

import os
import sys

if __name__ == "__main__":
    # What is written is for the account that runs the site alone: comments that wait, names, keys.
    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lupussite.settings")
    from django.core.management import execute_from_command_line

    if sys.argv[1:] == ["serve"]:
        from lupussite.run.web_server import start_ahead

        start_ahead()  # It loads while this process does.
    execute_from_command_line(sys.argv)
