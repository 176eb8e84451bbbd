"""What every mail of the site has in common, as a mail program gets it."""

import email.policy
import email.utils
import os
import subprocess
import sys

import pytest
from django.core import mail

from accounts.models import User
from lupussite import staff_mail
from mail import outbox
from mail.message import message
from tests.factories import make_user
from tests.running import ROOT

READ = """
import django
django.setup()
from mail.message import message
made = message("Your comment is published", "account/mail/link.txt", {}, occasion="one", to="reader@example.org")
print(made.message().as_string())
"""


@pytest.mark.parametrize(
    ("variables", "sender"),
    [
        (
            {"SITE_NAME": "Bücher, & more", "EMAIL_FROM": "library@example.org"},
            ("Bücher, & more", "library@example.org"),
        ),
        ({"EMAIL_FROM": "The Library <library@example.org>"}, ("The Library", "library@example.org")),
    ],
)
def test_a_mail_has_its_senders_name_the_date_of_the_zone_and_what_matters_first(tmp_path, variables, sender):
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "lupussite.settings"}
    environment |= {"TIME_ZONE": "Africa/Lagos"} | variables
    read = subprocess.run(
        [sys.executable, "-c", READ], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout
    found = email.message_from_string(read, policy=email.policy.default)
    (address,) = found["From"].addresses
    assert (address.display_name, address.addr_spec) == sender
    assert found["Date"].endswith("+0100")
    assert found["Subject"] == "Your comment is published"


@pytest.mark.django_db
def test_what_the_site_says_of_itself_follows_a_signature_line():
    staff_mail.invite(make_user(email="new@example.org"))
    assert User.objects.exists()
    outbox.run_due(staff_mail.HANDLERS)
    assert "\n-- \nWe don't read replies" in mail.outbox[0].body


def test_two_dashes_that_somebody_wrote_stay_as_they_are():
    letter = {"words": "One\n--\ntwo", "answer": "https://example.org/", "days": 30}
    body = message("Subject", "comments/mail/letter.txt", letter, occasion="x").body
    assert "One\n--\ntwo" in body
    assert body.count("\n-- \n") == 1
    assert body.index("https://example.org/") < body.index("\n-- \n")


@pytest.mark.django_db
def test_the_subject_of_a_mail_to_the_staff_is_a_sentence_begun():
    user = make_user("Moderators", email="mo@example.org")
    staff_mail.mail_invitation({"user": user.pk})
    staff_mail.mail_link({"user": user.pk})
    staff_mail.mail_factor({"user": user.pk, "change": "totp-added", "at": "2026-12-01T12:00:00+00:00"})
    subjects = ["Your invitation", "Choose a new password", "Your second factor was changed"]
    assert [sent.subject for sent in mail.outbox] == subjects
