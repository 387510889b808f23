"""What is around every page, rendered once: `{% shell by noindex=noindex of title main %}…{% endshell %}` in base.html.

After `by` stands what decides how it looks; after `of` the blocks that belong to the page. All other blocks are part of
the shell, whether a page's template overrides them or not: they know nothing of the page (apps.pages.shells).
"""

from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.template.base import FilterExpression, NodeList, Parser, TextNode, Token, token_kwargs
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockContext, BlockNode
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.core.lookups import lookup
from apps.pages import shells

register = template.Library()


class ShellNode(template.Node):
    # Where Django looks for blocks at each rendering; ours are known.
    child_nodelists = ()

    def __init__(self, nodelist: NodeList, by: Mapping[str, FilterExpression], own: list[str]) -> None:
        self.nodelist = nodelist
        self.by = {name: lookup(expression) for name, expression in by.items()}
        blocks: list[Any] = nodelist.get_nodes_by_type(BlockNode)
        self.blocks = {block.name: block for block in blocks}
        self.own = {name: self.blocks[name] for name in own}
        self.shared = [name for name in self.blocks if name not in self.own]

    def render(self, context: Context) -> SafeString:
        request = context.get("request")
        if request is None or settings.DEBUG:
            return self.render_plainly(context)
        blocks = self._blocks(context)
        known = {name: value(context) for name, value in self.by.items()}

        def render(stand_in: dict[str, Any]) -> str:
            for name in self.own:
                blocks.push(name, BlockNode(name, NodeList([TextNode(shells.gap(name))])))
            try:
                return self.nodelist.render(context.new({**stand_in, **known}))
            finally:
                for name in self.own:
                    blocks.pop(name)

        key = (
            get_language(),
            settings.SHOP_NAME,
            *settings.PAYMENT_METHODS,
            *known.values(),
            *map(blocks.get_block, self.shared),
        )
        shell = shells.shell(key, request, render)
        own = {name: block.render(context) for name, block in self.own.items() if name in shell.names}
        return SafeString(shells.filled(shell, request, context["language_links"], own))

    def render_plainly(self, context: Context) -> SafeString:
        self._blocks(context)
        return self.nodelist.render(context)

    def _blocks(self, context: Context) -> Any:
        """What the page's template overrides, and ours below it."""
        blocks: Any = context.render_context.get(BLOCK_CONTEXT_KEY)
        if blocks is None:  # base.html by itself
            blocks = context.render_context[BLOCK_CONTEXT_KEY] = BlockContext()
        blocks.add_blocks(self.blocks)
        return blocks


@register.tag
def shell(parser: Parser, token: Token) -> ShellNode:
    bits = token.split_contents()[2:]
    by = token_kwargs(bits, parser)
    nodelist = parser.parse(("endshell",))
    parser.delete_first_token()
    return ShellNode(nodelist, by, bits[1:])
