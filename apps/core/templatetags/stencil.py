"""A block that is rendered once for each of its forms, and then only filled with texts.

    {% stencil by problem=line.problem of info with title=name %}<li>…{{ title }}…{{ info.sku }}…</li>{% endstencil %}

What decides how the block looks is named after `by`, and the block may test it. What is merely printed is named after
`with`, and that of which single texts are printed after `of`: while the block is rendered, something stands in for them
that the block must print as it is. Nothing else of the page is known inside, so nothing of a visitor can stay in it. A
page with forty such blocks costs little more than one.
"""

import re
import secrets
from collections.abc import Callable, Hashable, Mapping
from html import escape
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.template.base import (
    FilterExpression,
    NodeList,
    Parser,
    Token,
    render_value_in_context,
    token_kwargs,
)
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.core.lookups import lookup

register = template.Library()

# Letters and digits only, so that it passes wherever a name or an SKU does; no text can forge it.
_STAND_IN = f"Stoa{secrets.token_hex(8)}n"
_GAP = re.compile(rf"{_STAND_IN}(\d+)e")
# The forms of a block are few; should `by` name something that is not, it is rendered each time.
MOST_FORMS = 200
# Reads paths, which need no filters.
_BARE = Parser([])


class _Form(NamedTuple):
    """Pieces of HTML with gaps between them, where in them each gap is and which text belongs there."""

    pieces: list[str]
    gaps: list[tuple[int, int]]
    texts: list[Callable[[Context], Any]]


class _StandIn:
    """Something of which the block prints single texts: `info.sku` prints what stands in for it."""

    def __init__(self, path: str, said: dict[str, str]) -> None:
        self._path, self._said = path, said

    def __getattr__(self, name: str) -> "_StandIn":
        return _StandIn(f"{self._path}.{name}", self._said)

    def __str__(self) -> str:
        return self._said.setdefault(self._path, f"{_STAND_IN}{len(self._said)}e")

    def __bool__(self) -> bool:
        if "." in self._path:
            raise TypeError(f"stencil: whether there is {self._path} has to be said after “by”.")
        return True


class StencilNode(template.Node):
    # What a page's blocks are looked for in: there are none inside.
    child_nodelists = ()

    def __init__(
        self,
        nodelist: NodeList,
        by: Mapping[str, FilterExpression],
        of: list[str],
        texts: Mapping[str, FilterExpression],
    ) -> None:
        self.nodelist, self.of = nodelist, of
        self.by = {name: lookup(expression) for name, expression in by.items()}
        self.texts = {name: lookup(expression) for name, expression in texts.items()}
        self._forms: dict[Hashable, _Form] = {}

    def render(self, context: Context) -> SafeString:
        key = (get_language(), *[value(context) for value in self.by.values()])
        form = self._forms.get(key)
        if form is None:
            form = self._cut(context)
            if len(self._forms) < MOST_FORMS:
                self._forms[key] = form
        texts = [_written(text(context), context) for text in form.texts]
        pieces = form.pieces.copy()
        for at, text in form.gaps:
            pieces[at] = texts[text]
        return SafeString("".join(pieces))

    def _cut(self, context: Context) -> _Form:
        said: dict[str, str] = {}  # what is printed, and what stands in for it
        known: dict[str, Any] = {name: value(context) for name, value in self.by.items()}
        known |= {name: str(_StandIn(name, said)) for name in self.texts}
        known |= {name: _StandIn(name, said) for name in self.of}
        pieces = _GAP.split(self.nodelist.render(context.new(known)))
        paths = list(said)
        printed = list(dict.fromkeys(paths[int(number)] for number in pieces[1::2]))
        gaps = [(at, printed.index(paths[int(pieces[at])])) for at in range(1, len(pieces), 2)]
        for at, _ in gaps:
            pieces[at] = ""
        return _Form(pieces, gaps, [self.texts.get(path) or lookup(FilterExpression(path, _BARE)) for path in printed])


def _written(value: Any, context: Context) -> str:
    """As a template writes it; plain texts, which most are, without asking what else they might be."""
    kind = type(value)
    if kind is str:
        return escape(value)
    if kind is int and not settings.USE_THOUSAND_SEPARATOR:
        return str(value)
    return value if kind is SafeString else render_value_in_context(value, context)


@register.filter
def given(value: Any) -> bool:
    """Whether there is something: what a stencil goes by where it prints the text itself only if there is one."""
    return bool(value)


@register.tag
def stencil(parser: Parser, token: Token) -> StencilNode:
    bits = token.split_contents()[1:]
    named: dict[str, dict[str, FilterExpression]] = {"by": {}, "with": {}}
    of: list[str] = []
    while bits:
        word = bits.pop(0)
        if word == "of":
            while bits and bits[0] not in named:
                of.append(bits.pop(0))
        elif word in named:
            named[word] = token_kwargs(bits, parser)
        else:
            raise template.TemplateSyntaxError(f"stencil: expected “by”, “of” or “with”, found “{word}”.")
    nodelist = parser.parse(("endstencil",))
    parser.delete_first_token()
    return StencilNode(nodelist, named["by"], of, named["with"])
