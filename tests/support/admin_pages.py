"""What a page of Django's admin says: its list row by row, or a row's own page, each value by its heading."""

import re

_HEADING = re.compile(r'<div class="text"><(?:a|span)[^>]*>(.*?)</(?:a|span)>', re.S)
_ROW = re.compile(r"<tr>(<t[hd] class=\"(?:field|action).*?)</tr>", re.S)
_CELL = re.compile(r"<t[hd] class=\"field-[^>]*>(.*?)</t[hd]>", re.S)
_FIELD = re.compile(r"<label>(.*?):</label>.*?<div class=\"readonly\">(.*?)</div>\s*</div>", re.S)


def listed(page: str) -> list[dict[str, str]]:
    """Each row of a list, with the markup inside its cells."""
    table = page[page.index('id="result_list"') :].partition("</table>")[0]
    headings = [heading for heading in _HEADING.findall(table) if "<input" not in heading]
    return [dict(zip(headings, _CELL.findall(row), strict=True)) for row in _ROW.findall(table)]


def shown(page: str) -> dict[str, str]:
    """Each value that is only shown, with the markup inside it."""
    return {label: value.strip() for label, value in _FIELD.findall(page)}


def words(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def content(page: str) -> str:
    """Every word between head and foot."""
    inside = page[page.index('id="content"') : page.index("</main>")]
    return words(inside.partition(">")[2])


def addresses(admin) -> list[tuple[str, str, str]]:
    """The pattern, the name and the view of each screen, in the order in which they are tried."""
    urls = admin.get_urls()
    return [(str(url.pattern), url.name, url.callback.__wrapped__.__name__) for url in urls]
