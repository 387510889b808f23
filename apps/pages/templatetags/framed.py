from typing import Any

from django import template
from django.conf import settings
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString

from apps.pages import frames

register = template.Library()


class FramedNode(template.Node):
    # What a page's blocks are looked for in, at each rendering: there are none inside.
    child_nodelists = ()

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        request = context.get("request")
        if request is None or settings.DEBUG:
            return self.nodelist.render(context)

        def render(stand_in: dict[str, Any]) -> str:
            with context.push(**stand_in):
                return self.nodelist.render(context)

        html = frames.framed(self.name, request, context, render)  # type: ignore[arg-type]
        return SafeString(html)


@register.tag
def framed(parser: Parser, token: Token) -> FramedNode:
    """A part that is around every page: `{% framed "header" %}…{% endframed %}` (apps.pages.frames)."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endframed",))
    parser.delete_first_token()
    return FramedNode(name.strip('"'), nodelist)
