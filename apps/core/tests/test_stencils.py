"""Blocks of a template that are rendered once for each of their forms, and then only filled with texts."""

import pytest
from django.template import Context, TemplateSyntaxError, engines
from django.utils.safestring import mark_safe
from django.utils.translation import override

from apps.core.templatetags import stencil


def compiled(source):
    return engines["django"].engine.from_string("{% load i18n stencil %}" + source)


def rendered(template, **values):
    return template.render(Context(values))


def test_each_use_shows_its_own_texts_escaped_once():
    line = compiled(
        "{% stencil with title=title sku=sku %}<a href='/{{ sku }}/'>{{ title }}</a> {{ title }}{% endstencil %}"
    )

    assert rendered(line, title="Mug & <b>", sku="M-1") == "<a href='/M-1/'>Mug &amp; &lt;b&gt;</a> Mug &amp; &lt;b&gt;"
    assert rendered(line, title=mark_safe("<b>"), sku="M-2") == "<a href='/M-2/'><b></a> <b>"


def test_what_decides_makes_a_form_of_its_own():
    line = compiled(
        "{% stencil by sold_out=out with n=n %}"
        "{% if sold_out %}none of {{ n }}{% else %}{{ n }} left{% endif %}{% endstencil %}"
    )

    assert [rendered(line, out=out, n=3) for out in (True, False, True)] == ["none of 3", "3 left", "none of 3"]


def test_each_language_has_a_form_of_its_own():
    line = compiled("{% stencil with n=n %}{% translate 'Sort' %} {{ n }}{% endstencil %}")
    for language, words in {"en": "Sort 1", "de": "Sortieren 1", "en-gb": "Sort 1"}.items():
        with override(language):
            assert rendered(line, n=1) == words


def test_nothing_that_is_not_named_gets_in():
    line = compiled("{% stencil with title=title %}{{ title }}{{ user }}{{ request.path }}{% endstencil %}")

    assert rendered(line, title="Mug", user="Ada") == "Mug"


def test_a_text_that_looks_like_what_stands_in_for_one_is_a_text():
    line = compiled("{% stencil with a=a b=b %}{{ a }}-{{ b }}{% endstencil %}")
    forged = f"{stencil._STAND_IN}1e"

    assert rendered(line, a=forged, b="secret") == f"{forged}-secret"


def test_forms_without_end_are_not_kept():
    line = compiled("{% stencil by n=n %}{{ n }}{% endstencil %}")

    assert [rendered(line, n=n) for n in range(stencil.MOST_FORMS + 2)] == list(map(str, range(stencil.MOST_FORMS + 2)))
    node = next(node for node in line.nodelist if isinstance(node, stencil.StencilNode))
    assert len(node._forms) == stencil.MOST_FORMS


def test_a_stencil_within_another_is_filled_by_both():
    line = compiled(
        "{% stencil with a=a %}[{% stencil by a_too=1 with b=a %}{{ b }}{% endstencil %}{{ a }}]{% endstencil %}"
    )

    assert [rendered(line, a=a) for a in ("x", "y")] == ["[xx]", "[yy]"]


def test_a_word_that_it_does_not_know_is_an_error_of_the_template():
    with pytest.raises(TemplateSyntaxError, match="by"):
        compiled("{% stencil without a=a %}{% endstencil %}")


def test_a_text_may_be_left_out_in_every_language():
    line = compiled(
        "{% stencil by noted=note|given with note=note %}{% if noted %}({{ note }}){% endif %}{% endstencil %}"
    )
    for language in ("en", "de"):
        with override(language):
            assert [rendered(line, note=note) for note in ("a", "", "b", None)] == ["(a)", "", "(b)", ""]


class Article:
    def __init__(self, sku, title, available=0):
        self.sku, self.title, self.available = sku, title, available

    def price(self):
        return 1900 + self.available


def test_texts_of_an_object_are_printed_as_outside_of_a_stencil():
    line = compiled(
        "{% stencil of article %}{{ article.sku }}: {{ article.title }}, {{ article.price }}{% endstencil %}"
    )

    assert rendered(line, article=Article("M-1", "Mug & <b>")) == "M-1: Mug &amp; &lt;b&gt;, 1900"
    assert rendered(line, article=Article("M-2", mark_safe("<b>"), 5)) == "M-2: <b>, 1905"
    assert rendered(line, article={"sku": "M-3", "title": "Vase"}) == "M-3: Vase, "
    assert rendered(line) == ": , "


def test_what_an_object_has_may_not_decide_unless_it_is_named():
    line = compiled("{% stencil of article %}{% if article.available %}in stock{% endif %}{% endstencil %}")

    with pytest.raises(TypeError, match=r"whether there is article\.available has to be said after “by”"):
        rendered(line, article=Article("M-1", "Mug", 3))


def test_an_object_of_a_stencil_is_filled_by_one_within():
    line = compiled(
        "{% stencil of article %}[{% stencil by few=1 of article with sku=article.sku %}"
        "{{ article.title }} {{ sku }}{% endstencil %}]{% endstencil %}"
    )

    assert [rendered(line, article=Article(sku, "Mug")) for sku in ("a", "b")] == ["[Mug a]", "[Mug b]"]


def test_a_text_that_is_not_printed_is_not_asked_for():
    asked = []
    line = compiled(
        "{% stencil by shown=shown with note=article.note %}{% if shown %}{{ note }}{% endif %}{% endstencil %}"
    )
    article = type("Noted", (), {"note": property(lambda self: asked.append(1) or "x")})()

    assert [rendered(line, shown=shown, article=article) for shown in (False, True)] == ["", "x"]
    assert asked == [1]


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("article.sku", "M-1"),
        ("article.price", "1902"),
        ("article.missing", ""),
        ("missing.sku", ""),
        ("row.sku", "M-2"),
        ("row.keys", "dict_keys([&#x27;sku&#x27;])"),
        ("rows.0.sku", "M-2"),
        ("word.title", "Mug"),
        ("word|upper", "MUG"),
        ("missing|given", "False"),
        ("missing|default:word", "mug"),
        ("autoescape", ""),
        ("article.available|given", "True"),
        ("n", "12345"),
        ("'<b>'", "<b>"),
        ("_('Sort')", "Sort"),
    ],
)
def test_every_expression_says_what_it_says_elsewhere(expression, shown):
    values = {"article": Article("M-1", "Mug", 2), "row": {"sku": "M-2"}, "word": "mug", "n": 12345}
    values["rows"] = [values["row"]]
    within = compiled(f"{{% stencil with x={expression} %}}{{{{ x }}}}{{% endstencil %}}")
    outside = compiled(f"{{{{ {expression} }}}}")

    assert rendered(within, **values) == rendered(outside, **values) == shown
