"""A block that is rendered once for each of its forms, and then only filled with texts.

    {% stencil by problem=line.problem with title=info.title sku=info.sku %}<li>…{{ title }}…</li>{% endstencil %}

What decides how the block looks is named after `by`, and the block may test it. What is merely printed is named after
`with`: while the block is rendered, something stands in for it that the block must print as it is. Nothing else of the
page is known inside, so nothing of a visitor can stay in it. A page with forty such blocks costs little more than one.
"""

import re
import secrets
from collections.abc import Hashable
from html import escape
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token, render_value_in_context, token_kwargs
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

# Letters and digits only, so that it passes wherever a name or an SKU does; no text can forge it.
_STAND_IN = f"Stoa{secrets.token_hex(8)}n"
_GAP = re.compile(rf"{_STAND_IN}(\d+)e")
# The forms of a block are few; should `by` name something that is not, it is rendered each time.
MOST_FORMS = 200


class StencilNode(template.Node):
    # What a page's blocks are looked for in: there are none inside.
    child_nodelists = ()

    def __init__(self, nodelist: NodeList, by: dict[str, FilterExpression], texts: dict[str, FilterExpression]) -> None:
        self.nodelist, self.by, self.texts = nodelist, by, texts
        self._forms: dict[Hashable, list[str]] = {}

    def render(self, context: Context) -> SafeString:
        by = {name: value.resolve(context) for name, value in self.by.items()}
        key = (get_language(), *by.values())
        form = self._forms.get(key)
        if form is None:
            form = self._cut(context, by)
            if len(self._forms) < MOST_FORMS:
                self._forms[key] = form
        texts = [_written(value.resolve(context), context) for value in self.texts.values()]
        # Between two pieces of the form stands the number of the text that belongs there.
        parts = [texts[int(part)] if at % 2 else part for at, part in enumerate(form)]
        return SafeString("".join(parts))

    def _cut(self, context: Context, by: dict[str, Any]) -> list[str]:
        stand_ins = {name: f"{_STAND_IN}{at}e" for at, name in enumerate(self.texts)}
        return _GAP.split(self.nodelist.render(context.new({**by, **stand_ins})))


def _written(value: Any, context: Context) -> str:
    """As a template writes it; plain texts, which most are, without asking what else they might be."""
    return escape(value) if type(value) is str else render_value_in_context(value, context)


@register.filter
def given(value: Any) -> bool:
    """Whether there is something: what a stencil goes by where it prints the text itself only if there is one."""
    return bool(value)


@register.tag
def stencil(parser: Parser, token: Token) -> StencilNode:
    bits = token.split_contents()[1:]
    named: dict[str, dict[str, FilterExpression]] = {"by": {}, "with": {}}
    while bits:
        word = bits.pop(0)
        if word not in named:
            raise template.TemplateSyntaxError(f"stencil: expected “by” or “with”, found “{word}”.")
        named[word] = token_kwargs(bits, parser)
    nodelist = parser.parse(("endstencil",))
    parser.delete_first_token()
    return StencilNode(nodelist, named["by"], named["with"])
