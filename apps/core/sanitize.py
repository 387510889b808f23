"""Rich text: simple HTML on an allow-list, cleaned where it is written."""

import nh3

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "dl", "dt", "em", "h2", "h3", "h4", "hr", "i", "li", "ol", "p",
    "s", "small", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}


def sanitize_html(text: str) -> str:
    """The text with allowed tags only; scripts and styles go with their content, other tags leave their words."""
    return nh3.clean(
        text.replace("\x00", ""),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        clean_content_tags={"script", "style"},
        link_rel="noopener nofollow",
        strip_comments=True,
    ).strip()
