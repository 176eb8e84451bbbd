"""What an owner does before the site opens: each point is read from what is there, and nothing is ticked by hand."""

import dataclasses

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.second_factor import FACTORS
from comments.models import HelpLine
from lupussite import appearance
from lupussite.doctor import running
from lupussite.environment import backup_typed, settings_file
from lupussite.models import Appearance, MailTried, Page

MODERATORS = 2


@dataclasses.dataclass(frozen=True)
class Point:
    """One point: what it is, whether it is done, what is missing otherwise, and the page where that is done, by name and path."""

    name: str
    is_done: bool
    words: str
    where: str
    path: str
    sends_mail: bool = False


def points(owner: User) -> list[Point]:
    """Return what is to be done, as this owner sees it."""
    return [*_said_to_readers(), *_for_people_in_danger(), *_that_works(owner), *_people()]


def _said_to_readers():
    shown = appearance.current()
    form = reverse("admin:lupussite_appearance_change", args=[1])
    look = _("Name and look")
    return [
        Point(
            _("Name"),
            bool(shown.chosen_name or settings.SITE_IS_NAMED),
            _("The site is called “{name}”, as every new one is.").format(name=shown.name),
            look,
            f"{form}#id_name",
        ),
        Point(_("Owner"), bool(shown.owner), _("Readers can't see who runs the site."), look, f"{form}#id_owner"),
        _imprint(shown, form),
        Point(_("Contact"), bool(shown.contact_email), _("Readers can't reach you."), look, f"{form}#id_contact_email"),
    ]


def _imprint(shown, form):
    """Say which of the three steps comes next: to write it, to put it online, to choose it."""
    chosen = Appearance.current().imprint
    if chosen and not chosen.is_public:
        step = (
            _("The page you chose isn't online. Open it, check “Online” and save."),
            chosen.title,
            reverse("admin:lupussite_page_change", args=[chosen.pk]),
        )
    elif Page.objects.exists():
        step = _("Choose the page that says who is responsible."), _("Name and look"), f"{form}#id_imprint"
    else:
        step = (
            _("Write a page that says who is responsible, and check “Online”. Then choose it under “Name and look”."),
            _("Write a page"),
            reverse("admin:lupussite_page_add"),
        )
    return Point(_("Imprint"), shown.imprint is not None, *step)


def _for_people_in_danger():
    words = _("Someone in danger is shown no one to call. A clinician fills these in.")
    return [
        Point(_("Help lines"), HelpLine.objects.exists(), words, _("Help lines"), reverse("admin:comments_helpline_changelist"))
    ]


def _that_works(owner):
    doctor = reverse("doctor")
    without = User.objects.filter(is_superuser=True, is_active=True).exclude(
        pk__in=Authenticator.objects.filter(type__in=FACTORS).values("user")
    )
    names = ", ".join(without.order_by("username").values_list("username", flat=True))
    if settings.MAIL_LACKS:
        mail = _("Set {names} in {place}.").format(names=", ".join(settings.MAIL_LACKS), place=settings_file())
    elif not owner.email:
        mail = _("Your account has no email address to send one to.")
    else:
        mail = _("Send yourself an email to see that it arrives.")
    return [
        Point(
            _("Email tried"),
            not settings.MAIL_LACKS and MailTried.objects.exists(),
            mail,
            _("How the site is doing") if owner.email else _("Your account"),
            doctor if owner.email else reverse("admin:accounts_user_change", args=[owner.pk]),
            sends_mail=bool(owner.email) and not settings.MAIL_LACKS,
        ),
        Point(
            _("Backup made"),
            running.last_backup() is not None,
            _("Run this on the machine: {command}").format(command=backup_typed(settings.DATA_DIR)),
            _("How the site is doing"),
            doctor,
        ),
        Point(
            _("Second factor"),
            not names,
            _("Anyone with the password could log in as: {names}.").format(names=names),
            _("Your account"),
            reverse("mfa_index"),
        ),
    ]


def _people():
    invite = reverse("admin:accounts_user_add")
    clinicians = User.objects.staff_who_may("comments.approve_sensitive", by_role=True).count()
    # A clinician moderates too, and is not counted twice.
    moderators = User.objects.staff_who_may("comments.moderate_comment", by_role=True).count() - min(clinicians, 1)
    missing = MODERATORS - moderators
    return [
        Point(
            _("One clinician"),
            clinicians > 0,
            _("No one may decide on urgent and medical comments."),
            _("Invite someone"),
            invite,
        ),
        Point(
            _("Two moderators"),
            missing <= 0,
            ngettext("Invite one more.", "Invite {number} more.", missing).format(number=missing),
            _("Invite someone"),
            invite,
        ),
    ]
