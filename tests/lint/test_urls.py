"""Every URL of the project says who may enter."""

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import ResolverMatch

from apps.core.access import LEVELS, declared_access


def patterns(resolver, namespaces=()):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)
        elif isinstance(entry, URLPattern):
            yield entry, namespaces


def test_every_view_declares_its_access():
    undeclared = []
    for pattern, namespaces in patterns(get_resolver()):
        match = ResolverMatch(pattern.callback, (), {}, pattern.name, namespaces=list(namespaces))
        if declared_access(pattern.callback, match) not in LEVELS:
            undeclared.append(":".join([*namespaces, pattern.name or str(pattern.pattern)]))
    assert undeclared == []
