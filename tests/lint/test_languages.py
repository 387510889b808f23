"""Every language is complete: each word of the sources is in the catalogue of its app, translated and compiled."""

import ast
import gettext
import re
from collections import Counter
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize

from tests.lint.sources import ROOT, name, python_sources, templates

TRANSLATED = [code for code, _ in settings.LANGUAGES if code != "en"]
SHARED = ROOT / "templates"
# Which arguments are words, and which is the context, as makemessages tells xgettext.
KEYWORDS = {
    "gettext": (1,),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "gettext_noop": (1,),
}
KEYWORDS |= {f"{function}_lazy": places for function, places in KEYWORDS.items() if function != "gettext_noop"}
KEYWORDS["_"] = (1,)
PLACEHOLDER = re.compile(r"%\(\w+\)\S|%[%sd]|\{\w*\}")
TAG = re.compile(r"</?\w+")


@cache
def owners() -> dict[Path, list[Path]]:
    """The folder of each catalogue, with the files whose words are in it."""
    files: dict[Path, list[Path]] = {SHARED: []}
    for path in [*python_sources("apps", "config"), *templates(".html", ".txt")]:
        parts = path.relative_to(ROOT).parts
        files.setdefault(ROOT / "apps" / parts[1] if parts[0] == "apps" else SHARED, []).append(path)
    return {folder: paths for folder, paths in files.items() if any(words_of(path) for path in paths)}


@cache
def words_of(path: Path) -> frozenset[tuple[str | None, str]]:
    """(context, English words) of one file; a plural is known by its singular."""
    text = path.read_text()
    if path.suffix != ".py":
        # What templatize leaves is calls of gettext between blanked-out text, and comments.
        text = " ".join(line for line in templatize(text).splitlines() if not line.lstrip().startswith("#"))
    return frozenset(words_in(text))


def words_in(source: str):
    for _line, function, words, _comments in extract_python(BytesIO(source.encode()), list(KEYWORDS), [], {}):
        arguments = words if isinstance(words, tuple) else (words,)
        places = KEYWORDS[function]
        context = arguments[0] if isinstance(places[0], tuple) else None
        first = next(place for place in places if isinstance(place, int))
        if len(arguments) >= first and arguments[first - 1]:
            yield context, arguments[first - 1]


def po_path(folder: Path, language: str) -> Path:
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"


@cache
def catalog(path: Path):
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def entries(path: Path):
    for message in catalog(path):
        if message.id:
            english = message.id if isinstance(message.id, tuple) else (message.id,)
            translated = message.string if isinstance(message.string, tuple) else (message.string,)
            yield message, english, translated


CATALOGS = [po_path(folder, language) for language in TRANSLATED for folder in owners()]


@pytest.mark.parametrize("path", CATALOGS, ids=name)
def test_the_catalogue_has_the_words_of_its_app_and_no_others(path):
    wanted = set().union(*(words_of(source) for source in owners()[path.parents[3]]))
    found = {(message.context, english[0]) for message, english, _ in entries(path)}
    assert sorted(map(str, wanted - found)) == [], "new words: run make messages, then translate"
    assert sorted(map(str, found - wanted)) == [], "words that nobody says any more: run make messages"


@pytest.mark.parametrize("path", CATALOGS, ids=name)
def test_nothing_is_left_untranslated_or_in_doubt(path):
    assert [english for _, english, translated in entries(path) if not all(translated)] == []
    assert [english for message, english, _ in entries(path) if message.fuzzy] == []


@pytest.mark.parametrize("path", CATALOGS, ids=name)
def test_placeholders_and_tags_survive_translation(path):
    for _, english, translated in entries(path):
        for form in translated:
            assert Counter(PLACEHOLDER.findall(form)) == Counter(PLACEHOLDER.findall(english[-1])), form
            assert Counter(TAG.findall(form)) == Counter(TAG.findall(english[-1])), form


@pytest.mark.parametrize("path", CATALOGS, ids=name)
def test_the_compiled_catalogue_says_the_same(path):
    compiled = BytesIO()
    write_mo(compiled, catalog(path))
    compiled.seek(0)
    with path.with_suffix(".mo").open("rb") as committed:
        assert spoken(committed) == spoken(compiled), "run make messages"


def spoken(file):
    return {key: value for key, value in gettext.GNUTranslations(file)._catalog.items() if key}


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_same_words_are_translated_the_same_everywhere(language):
    # Django puts all catalogues into one, so of two translations one would win everywhere.
    said: dict[tuple, dict] = {}
    for folder in owners():
        path = po_path(folder, language)
        for message, english, translated in entries(path):
            said.setdefault((message.context, english[0]), {}).setdefault(translated, []).append(name(path))
    assert {words: answers for words, answers in said.items() if len(answers) > 1} == {}


@pytest.mark.parametrize("path", CATALOGS, ids=name)
def test_no_other_apps_translation_wins_over_ours(path):
    # Django's admin and allauth bring catalogues too; INSTALLED_APPS says whose word counts.
    for message, english, translated in entries(path):
        with translation.override(path.parts[-3]):
            if len(english) > 1:
                said = tuple(translation.ngettext(*english, number) for number in (1, 2))
            elif message.context:
                said = (translation.pgettext(message.context, english[0]),)
            else:
                said = (translation.gettext(english[0]),)
        assert said == translated


@pytest.mark.parametrize("path", [path for path in CATALOGS if path.parts[-3] == "de"], ids=name)
def test_german_is_set_as_german(path):
    for _, _, translated in entries(path):
        for form in translated:
            text = re.sub(r"<[^>]+>", "", form)
            assert not re.search(r"[\"”]|\.\.\.|„[^“]*$", text), text
            assert not re.search(r"\b([Dd]ein\w*|[Dd]u|[Dd]ich|[Dd]ir)\b", text), text


@pytest.mark.parametrize("path", list(python_sources("apps", "config")), ids=name)
def test_gettext_goes_by_a_name_that_the_collection_knows(path):
    strange = [
        imported.asname
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for imported in node.names
        if imported.asname and imported.name in KEYWORDS and imported.asname != "_"
    ]
    assert strange == []


def test_the_collection_finds_words():
    source = '_("One" "s")\nngettext("a", "b", n)\npgettext_lazy("c", "d")\ngettext_noop("e")\nother("f")\n_(g)\n'
    assert list(words_in(source)) == [(None, "Ones"), (None, "a"), ("c", "d"), (None, "e")]
