"""The text pages: which there are, their titles, and whether they are still the samples that came with Stoa.

A shop replaces one in the admin, by a published page of the same slug (or by a template of the same name in
`templates/pages/<language>/`).
"""

from pathlib import Path

from django.conf import settings
from django.template import Context
from django.template.loader import select_template
from django.template.loader_tags import BlockNode
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from apps.pages import shop
from apps.pages.models import TextPage

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
    own = set(TextPage.objects.filter(slug__in=TITLES, published=True).values_list("slug", flat=True))
    return [slug for slug in TITLES if slug not in own and any(_is_sample(slug, language) for language in languages)]


def sample_body(slug: str, language: str = "") -> tuple[str, str, str]:
    """Title, description and simple HTML of a sample in a language (default: the shop's first)."""
    language = language or settings.LANGUAGE_CODE
    with override(language):
        template = select_template(template_names(slug, language)).template  # type: ignore[attr-defined]
        context = Context({"shop": shop.current(), "shop_name": shop.current().name})
        with context.bind_template(template):
            blocks = [node for node in template.nodelist[0].nodelist if isinstance(node, BlockNode)]
            body = next(node for node in blocks if node.name == "text").nodelist.render(context)
        return str(TITLES[slug]), str(DESCRIPTIONS[slug]), body.strip()


def _is_sample(slug: str, language: str) -> bool:
    origin = select_template(template_names(slug, language)).origin.name  # type: ignore[attr-defined]
    return Path(origin).is_relative_to(_SAMPLES)
