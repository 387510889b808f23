"""The page frame, the form pack and what the browser loads, read and rendered without a browser."""

import json
import re

import brotli
import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row, Submit
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from tests.lint.sources import ROOT, name, python_sources, templates

HTMX_CONFIG = (
    '{"allowEval":false,"allowScriptTags":false,"historyCacheSize":0,"historyRestoreAsHxRequest":false,'
    '"includeIndicatorStyles":false,"selfRequestsOnly":true,"responseHandling":['
    '{"code":"204|304","swap":false},{"code":"[23]..","swap":true},{"code":"409|422","swap":true},'
    '{"code":"...","swap":false,"error":true}]}'
)


class AddressForm(forms.Form):
    email = forms.EmailField(label="Email", help_text="For the receipt.")
    company = forms.CharField(label="Company", required=False)
    country = forms.ChoiceField(label="Country", choices=[("DE", "Germany"), ("AT", "Austria")])
    same = forms.BooleanField(label="Same address", required=False)
    delivery = forms.ChoiceField(
        label="Delivery",
        choices=[("slow", "Standard"), ("fast", "Express")],
        widget=forms.RadioSelect(attrs={"data-cards": ""}),
    )
    token = forms.CharField(widget=forms.HiddenInput)

    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(
        Fieldset("Where to", Row("email", "company"), "country"), "same", "delivery", "token", Submit("go", "Save")
    )


@pytest.fixture
def frame(db):
    return render_to_string("base.html", request=RequestFactory().get("/"))


def render(form):
    return Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form}))


def test_the_page_configures_htmx_exactly_as_promised(frame):
    content = re.search(r"name=\"htmx-config\" content='([^']*)'", frame)[1]
    assert content == HTMX_CONFIG
    assert json.loads(content)["allowEval"] is False


def test_the_page_holds_placeholders_and_nothing_of_the_visitor(frame):
    assert re.findall(r"<!--stoa:([a-z-]+)-->", frame) == ["account", "cart-count", "messages"]
    assert "csrfmiddlewaretoken" not in frame


def test_no_shop_template_touches_the_user_the_session_or_the_messages():
    shared = [path for path in templates() if name(path).startswith("templates/") and "/admin/" not in name(path)]
    touching = [
        name(path) for path in shared if re.search(r"\b(request\.(user|session)|user\.|messages\b)", tags_of(path))
    ]
    assert touching == []


def tags_of(path):
    tags = re.findall(r"\{[{%].*?[%}]\}", path.read_text(), re.S)
    return "\n".join(tag for tag in tags if not re.match(r"\{% (placeholder|translate|block)", tag))


@pytest.mark.parametrize("code", ["400", "500"])
def test_an_error_page_needs_no_context(code):
    html = render_to_string(f"{code}.html")
    assert "<h1" in html
    assert "<script" not in html


def test_every_icon_that_is_named_is_drawn():
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static/img/icons.svg").read_text()))
    named = {
        (name(path), icon)
        for path in templates()
        for icon in re.findall(r"""(?:\{% icon |symbol=)["']([a-z-]+)["']""", path.read_text())
    }
    assert {(where, icon) for where, icon in named if icon not in drawn} == set()


def test_what_the_browser_loads_stays_small():
    styles = (ROOT / "static/css/stoa.css").read_bytes()
    assert len(brotli.compress(styles)) <= 12_000
    assert len((ROOT / "static/js/site.js").read_bytes()) < 6_000
    others = [path for path in (ROOT / "static/js").glob("*.js") if path.name != "site.js"]
    assert {path.name: path.stat().st_size for path in others if path.stat().st_size > 2_048} == {}


def test_script_and_styles_name_no_other_host():
    for path in (*ROOT.glob("static/js/*.js"), *ROOT.glob("static/css/*.css")):
        assert re.findall(r"https?://|//[a-z]+\.", path.read_text()) == [], path.name


def test_a_form_ties_help_and_errors_to_its_fields():
    html = render(AddressForm({"email": "nobody"}))
    assert '<div class="field__help" id="id_email_helptext">For the receipt.</div>' in html
    assert 'id="id_email_error" data-testid="form-error"' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_refused_form_lists_its_errors_with_links_to_the_fields():
    html = render(AddressForm({"email": "nobody", "country": "DE", "token": "x"}))
    summary = html[html.index("error-summary") : html.index("</ul>")]
    assert 'role="alert" tabindex="-1"' in summary
    assert re.findall(r'href="#([^"]+)"', summary) == ["id_email", "id_delivery"]
    assert 'id="id_delivery"' in html


def test_a_fresh_form_has_no_error_summary():
    assert "error-summary" not in render(AddressForm())


def test_radio_buttons_are_a_fieldset_of_cards_with_a_legend():
    html = render(AddressForm())
    group = html[html.index('<fieldset class="field choices"') :]
    assert "<legend>Delivery</legend>" in group
    assert group.count('class="choice-card"') == 2
    assert 'name="delivery" value="slow"' in group


def test_an_optional_field_says_so_and_a_required_one_does_not():
    html = render(AddressForm())
    assert re.search(r'for="id_company">Company <span class="field__optional">', html)
    assert re.search(r'for="id_email">Email</label>', html)


def test_a_select_marks_the_chosen_option_only():
    html = str(AddressForm({"country": "AT"})["country"])
    assert html.count("<option") == 2
    assert '<option value="AT" selected>Austria</option>' in html
    assert '<option value="DE">Germany</option>' in html


def test_no_python_source_brings_its_own_markup_of_icons():
    own = [name(path) for path in python_sources("apps") if "icons.svg" in path.read_text()]
    assert own == ["apps/core/templatetags/stoa.py"]
