from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchDocument(models.Model):
    """All words of a listed product, each with a first letter that says how much it counts (`catalog.search`).

    Written by `services.publish` only. The index over it is the database's own (FTS5, or a tsvector with GIN); triggers
    or a generated column keep it, see the migration that made them.
    """

    listing = models.OneToOneField(
        "catalog.Listing", primary_key=True, on_delete=models.CASCADE, related_name="search_document"
    )
    words = models.TextField()

    class Meta:
        app_label = "catalog"
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")


class SearchWord(models.Model):
    """A word of titles, options, makers and categories: what "Did you mean" chooses from."""

    word = models.CharField(max_length=40, primary_key=True)
    spelling = models.CharField(max_length=40)

    class Meta:
        app_label = "catalog"
        verbose_name = _("search word")
        verbose_name_plural = _("search words")


class Synonym(models.Model):
    """Words that mean the same to this shop's visitors: whoever looks for one finds what has any of them."""

    words = models.CharField(
        _("words"), max_length=400, help_text=_("Separated by commas, for example: sofa, couch, settee.")
    )

    class Meta:
        app_label = "catalog"
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

    @property
    def entries(self) -> list[str]:
        return [entry.strip() for entry in self.words.split(",") if entry.strip()]

    def clean(self) -> None:
        self.words = ", ".join(dict.fromkeys(self.entries))
        if len(self.entries) < 2:
            raise ValidationError({"words": _("At least two words, with a comma between them.")})


class SearchMiss(models.Model):
    """What visitors looked for and did not find; nothing about who they were."""

    words = models.CharField(_("looked for"), max_length=120, unique=True)
    count = models.PositiveIntegerField(_("how often"), default=1)
    last_at = models.DateTimeField(_("last time"))

    class Meta:
        app_label = "catalog"
        verbose_name = _("search without a hit")
        verbose_name_plural = _("searches without a hit")
        ordering = ["-count", "-last_at"]

    def __str__(self) -> str:
        return self.words
