"""The text pages: which there are, their titles, and whether they are still the samples that came with Stoa.

A shop replaces one by a template of the same name in `templates/pages/<language>/`.
"""

from pathlib import Path

from django.conf import settings
from django.template.loader import select_template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TITLES: dict[str, Promise] = {
    "delivery-returns": _("Delivery & returns"),
    "privacy": _("Privacy"),
    "imprint": _("Imprint"),
    "terms": _("Terms"),
}
# What a search engine shows below the title.
DESCRIPTIONS: dict[str, Promise] = {
    "delivery-returns": _("Where we deliver, how long it takes, what it costs, and how to send something back."),
    "privacy": _("What we keep of a visit and an order, why, for how long, and how to have it deleted."),
    "imprint": _("Who runs this shop and how to reach us."),
    "terms": _("The terms of every order: the contract, prices, payment, delivery and the right to withdraw."),
}
_SAMPLES = Path(__file__).resolve().parent / "templates"


def template_names(slug: str, language: str) -> list[str]:
    """The page in `language`; a language without a text of its own reads the English one."""
    return [f"pages/{language}/{slug}.html", f"pages/en/{slug}.html"]


def sample_slugs() -> list[str]:
    """The pages that some visitor still reads as a sample text."""
    languages = [code for code, _name in settings.LANGUAGES]
    return [slug for slug in TITLES if any(_is_sample(slug, language) for language in languages)]


def _is_sample(slug: str, language: str) -> bool:
    origin = select_template(template_names(slug, language)).origin.name  # type: ignore[attr-defined]
    return Path(origin).is_relative_to(_SAMPLES)
