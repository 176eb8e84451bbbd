"""What mail a person wants of articles."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MailChoice(models.Model):
    """What one person wants to be told by mail; who has no row gets everything."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choice")
    steps = models.BooleanField(
        _("Steps of articles"),
        default=True,
        help_text=_("Someone assigns you an article, sends, signs or publishes a version, or asks for changes."),
    )
    reminders = models.BooleanField(
        _("Review reminders"),
        default=True,
        help_text=_("At most one email a day. If you turn this off, the site's shared address gets your reminders."),
    )
    mistakes = models.BooleanField(
        _("Mistakes reported by readers"),
        default=True,
        help_text=_("If you turn this off, the site's shared address hears of mistakes in your articles."),
    )

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.user)
