"""The addresses that an article has or had."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


class Address(models.Model):
    """An address that an article has or had; it leads to that article for ever and to no other."""

    slug = models.SlugField(max_length=100, unique=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="addresses")

    class Meta:
        default_permissions = ()
        verbose_name = _("address")
        verbose_name_plural = _("addresses")

    def __str__(self):
        return self.slug
