"""Texts of a file in other languages, laid over those that the shop has."""

from collections.abc import Mapping
from typing import Any

Translations = dict[str, dict[str, Any]]


def merged(kept: Mapping[str, Mapping[str, Any]], texts: Mapping[str, Mapping[str, str]]) -> Translations:
    """`kept` with the texts of the file; an empty one takes the shop's away. Languages without a text go."""
    result: Translations = {language: dict(fields) for language, fields in kept.items()}
    for language, fields in texts.items():
        for field, text in fields.items():
            result.setdefault(language, {}).pop(field, None)
            if text:
                result[language][field] = text
    return {language: fields for language, fields in result.items() if fields}


def of_field(field: str, texts: Mapping[str, str]) -> Translations:
    """One field's texts by language, in the shape of the `translations` column."""
    return {language: {field: text} for language, text in texts.items()}
