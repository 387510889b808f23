"""Text in Python that a person sees goes through gettext."""

import ast
import re

import pytest

from tests.lint.sources import name, python_sources

SPEAKING_KEYWORDS = {
    "label",
    "help_text",
    "verbose_name",
    "verbose_name_plural",
    "short_description",
    "empty_label",
}
SPEAKING_ATTRIBUTES = {
    "message",
    "verbose_name",
    "verbose_name_plural",
    "label",
    "description",
    "site_header",
    "site_title",
}
MODEL_FIELD = re.compile(r"^models\.(?!OneToOne|ManyToMany)\w+Field$")


def is_bare(node):
    if isinstance(node, ast.JoinedStr):
        return any(is_bare(part) for part in node.values)
    return (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(re.search(r"[^\W\d_]{2,}", node.value))
    )


def bare_words(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from bare_in_call(node)
        if isinstance(node, ast.ClassDef) and node.name != "Command":
            technical = any("AppConfig" in ast.unparse(base) for base in node.bases)
            for statement in node.body:
                if isinstance(statement, ast.Assign) and is_bare(statement.value):
                    for target in statement.targets:
                        if getattr(target, "id", "") in SPEAKING_ATTRIBUTES - ({"label"} if technical else set()):
                            yield statement.lineno


def bare_in_call(node):
    function = ast.unparse(node.func)
    for keyword in node.keywords:
        if keyword.arg in SPEAKING_KEYWORDS and is_bare(keyword.value):
            yield node.lineno
    if re.match(r"^messages\.(success|info|warning|error)$", function) and len(node.args) > 1 and is_bare(node.args[1]):
        yield node.lineno
    if function.endswith("ValidationError") and node.args and is_bare(node.args[0]):
        yield node.lineno
    if MODEL_FIELD.match(function) and node.args and is_bare(node.args[0]):
        yield node.lineno


@pytest.mark.parametrize(
    "path",
    [p for p in python_sources("apps") if "management" not in p.parts and "pictures" not in p.parts],
    ids=name,
)
def test_every_word_of_python_can_be_translated(path):
    assert [f"{name(path)}:{line}" for line in bare_words(ast.parse(path.read_text()))] == []


def test_the_guard_finds_bare_words():
    tree = ast.parse('messages.error(request, "No")\nforms.CharField(label="Name")\nmessages.info(request, _("Yes"))')
    assert list(bare_words(tree)) == [1, 2]
