"""What others see of the site: its certificate, who runs it, who helps, who decides."""

import datetime
import socket
import ssl
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from comments.models import HelpLine
from lupussite.appearance import current
from lupussite.doctor import Finding
from lupussite.models import Appearance

PATIENCE = 3  # seconds
ENDS_SOON = 14  # days; certbot renews at 30
# What readers are told -> (where the owner fills it in, what is missing until then).
WANTED = {
    "SITE_OWNER": ("owner", gettext_lazy("readers can't see who runs this site")),
    "CONTACT_EMAIL": ("contact_email", gettext_lazy("readers can't reach you")),
    "OWNER_ADDRESS": ("owner_address", gettext_lazy("the privacy page doesn't say where a letter reaches you")),
    "PROCESSORS": ("processors", gettext_lazy("the privacy page doesn't say who hosts the site and sends its email")),
    "COMPLAINT_AUTHORITY": ("complaint_authority", gettext_lazy("the privacy page doesn't say where to complain")),
}


def certificate() -> Finding:
    """Open the public address as a browser would, and see until when its certificate holds."""
    name = _("Certificate")
    site = urlsplit(settings.SITE_URL)
    place = (site.hostname, site.port or 443)
    try:
        with (
            socket.create_connection(place, PATIENCE) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=site.hostname) as safe,
        ):
            ends = ssl.cert_time_to_seconds(safe.getpeercert()["notAfter"])
    except ssl.SSLCertVerificationError as error:
        return Finding(
            name,
            False,
            _("browsers warn of it ({error})").format(error=error.verify_message),
        )
    except OSError as error:
        words = _("nothing answers at {url} from here ({error})").format(url=settings.SITE_URL, error=error.strerror or error)
        return Finding(name, False, words)
    days = (datetime.datetime.fromtimestamp(ends, datetime.UTC) - datetime.datetime.now(datetime.UTC)).days
    return Finding(name, days > ENDS_SOON, ngettext("ends in {number} day", "ends in {number} days", days).format(number=days))


def missing_for_readers() -> list[str]:
    """Return what a public site does not tell its readers yet, in sentences for its staff; nothing for one on this machine."""
    if not settings.HTTPS:
        return []
    shown = current().for_templates()
    words = _("“{field}” under “{page}” is blank: {consequence}.")
    return [
        words.format(field=_label(field), page=capfirst(Appearance._meta.verbose_name), consequence=consequence)
        for name, (field, consequence) in WANTED.items()
        if not shown[name]
    ]


def _label(field):
    """Return what the form calls a field."""
    return capfirst(Appearance._meta.get_field(field).verbose_name)


def owner() -> Finding:
    """See that readers are told who runs the site and how to reach them."""
    missing = missing_for_readers()
    return Finding(_("Owner and contact"), not missing, " ".join(missing) or current().owner)


def help_lines() -> Finding:
    """See that someone in danger is shown whom to call."""
    number = HelpLine.objects.count()
    if not number:
        return Finding(_("Help lines"), False, _("there are none, so someone in danger is shown no one to call"))
    return Finding(_("Help lines"), True, ngettext("{number} is shown", "{number} are shown", number).format(number=number))


def clinician() -> Finding:
    """See that somebody may decide what is urgent."""
    number = User.objects.staff_who_may("comments.approve_sensitive", by_role=True).count()
    if not number:
        return Finding(_("Clinicians"), False, _("no one may decide on urgent and medical comments: invite a clinician"))
    return Finding(_("Clinicians"), True, ngettext("{number} person", "{number} people", number).format(number=number))
