"""Words as the search knows them: cut and folded here and nowhere else, so that both databases hold the same ones."""

import re
import unicodedata

from apps.catalog.text import fold

LONGEST_WORD = 40
LONGEST_KEY = 100
LONGEST_LINE = 120

_APOSTROPHE = re.compile(r"['’]")
_WORD = re.compile(r"[^\W_]+")
# How a plural may end in English and in German, and how long what is left must be to be worth a look.
_ENDINGS = (("es", 3), ("s", 3), ("en", 4), ("er", 4), ("n", 4), ("e", 4))

# Words of nearly every text: no description is found by them, and a query that has others goes without.
_COMMON = """
    a an and are as at be but by can for from has have how if in into is it its no not of on or our so than that the
    their them then they this to up was we what when which who will with you your
    aber als am an auch auf aus bei bis da damit das dass dem den der des die dies diese dieser doch durch ein eine
    einem einen einer eines er es fur hat ich ihr ihre im in ist ja jede jeder kein keine man mit nach nicht noch nur
    ob oder ohne sich sie sind so uber um und uns unter vom von vor war was wenn wer wie wir wird zu zum zur
"""
COMMON = frozenset(_COMMON.split())


def words(text: str) -> list[str]:
    """The words in their order: "Mother's  T-Shirt, größer" becomes mothers, t, shirt, grosser."""
    # Some signs become capitals only when they are taken apart (㎒).
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(_APOSTROPHE.sub("", text)).casefold())]


def chunks(text: str) -> list[list[str]]:
    """The words of each piece between spaces: "T-Shirt blue" becomes [[t, shirt], [blue]]."""
    return [found for piece in fold(text).split() if (found := words(piece))]


def joined(text: str) -> set[str]:
    """What is written with hyphens or dots, as one word: tshirt, kqharbourink."""
    return {"".join(parts)[:LONGEST_WORD] for parts in chunks(text) if len(parts) > 1}


def key(text: str) -> str:
    """A whole title or SKU as one word, to compare with a whole query."""
    return "".join(words(text))[:LONGEST_KEY]


def singulars(word: str) -> list[str]:
    """Whole words of which this may be the plural: "tassen" gives tasse and tass. A guess; most are no words."""
    found = [word.removesuffix(end) for end, least in _ENDINGS if word.endswith(end) and len(word) - len(end) >= least]
    if word.endswith("ves") and len(word) > 4:
        found += [word[:-3] + "f", word[:-3] + "fe"]  # shelves, knives
    return list(dict.fromkeys(found))


def spelled(text: str) -> dict[str, str]:
    """Each word beside how it is written in the text, in small letters: {"kruge": "krüge"}."""
    found: dict[str, str] = {}
    for written in re.findall(r"[^\W_]+", _APOSTROPHE.sub("", text)):
        if len(folded := words(written)) == 1:
            found.setdefault(folded[0], written.lower()[:LONGEST_WORD])
    return found


def as_written(q: str) -> str:
    """A query in small letters, its words a space apart, for people to read: "Bunte  Krüge!" becomes bunte krüge."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFC", q[:1_000]).lower()))[:LONGEST_LINE].strip()
