"""What moderators watch for: words, and hosts of links."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WatchedWord(models.Model):
    """A word or phrase that moderators want to be told of; taken literally, never as a pattern."""

    word = models.CharField(max_length=100, unique=True)
    whole_word = models.BooleanField(default=True, help_text=_("“cure” doesn't find “secure”."))
    match_case = models.BooleanField(_("match capital letters"), default=False)
    note = models.CharField(max_length=200, blank=True, help_text=_("Why it's on the list. Other moderators see this."))

    class Meta:
        ordering = ["word"]

    def __str__(self):
        return self.word


class BlockedHost(models.Model):
    """A host of the web; links to it, and to hosts below it, make a comment likely spam."""

    host = models.CharField(max_length=253, unique=True, help_text=_("example.com, including its subdomains."))
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["host"]

    def __str__(self):
        return self.host
