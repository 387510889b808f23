"""What a template's `{{ name.attribute }}` finds, without Django's questions about what it might be as well.

Django tries each step of a path as key, attribute and index, and asks of each value whether it can be called, and by
what. Nearly all paths of our templates are a name of the context and attributes of plain objects. These are followed
here; what is anything else is left to Django, so that both always find the same.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.template.base import FilterExpression, Variable
from django.template.context import Context

type Lookup = Callable[[Context], Any]

# Not to be told from what is missing.
_LEFT_TO_DJANGO = object()
_FLAGS = ("expects_localtime", "needs_autoescape", "is_safe")


def lookup(expression: FilterExpression) -> Lookup:
    """What `expression.resolve` does."""
    if not isinstance(expression.var, Variable) or not expression.var.lookups or expression.var.translate:
        return expression.resolve
    if any(args or any(getattr(func, flag, False) for flag in _FLAGS) for func, args in expression.filters):
        return expression.resolve
    functions = [func for func, _ in expression.filters]
    return _following(expression.var.lookups, functions, expression.resolve)


def _following(path: Sequence[str], functions: Sequence[Callable[[Any], Any]], resolve: Lookup) -> Lookup:
    name, *attributes = path

    def look(context: Context) -> Any:
        value = _found(context, name, attributes)
        if value is _LEFT_TO_DJANGO:
            return resolve(context)
        for function in functions:
            value = function(value)
        return value

    return look


def _found(context: Context, name: str, attributes: Sequence[str]) -> Any:
    for values in reversed(context.dicts):
        if name in values:
            value = values[name]
            break
    else:
        # Django says so by three exceptions; most often it is a text that few pages have.
        is_shown = context.template is None or context.template.engine.string_if_invalid
        return _LEFT_TO_DJANGO if is_shown else ""
    for attribute in attributes:
        if type(value) is dict and attribute in value:
            value = value[attribute]
        elif hasattr(type(value), "__getitem__") or callable(value):
            return _LEFT_TO_DJANGO
        else:
            try:
                value = getattr(value, attribute)
            except AttributeError:
                return _LEFT_TO_DJANGO
    return _LEFT_TO_DJANGO if callable(value) else value
