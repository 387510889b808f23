import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from pytest_django.asserts import assertHTMLEqual

from apps.users.countries import country_choices, country_name, is_country, validate_postal_code
from apps.users.widgets import LongSelect


def test_the_shops_own_country_comes_first_and_the_rest_is_sorted():
    choices = country_choices()
    assert choices[:3] == [("DE", "Germany"), ("AF", "Afghanistan"), ("AX", "Åland Islands")]
    assert len(choices) == len(dict(choices)) == 246


def test_names_follow_the_language():
    with translation.override("de"):
        assert country_name("CH") == "Schweiz"
        assert ("AT", "Österreich") in country_choices()


@pytest.mark.parametrize("code", ["EU", "ZZ", "XX", "de", "", "DEU", "Öe"])
def test_groups_and_inventions_are_no_countries(code):
    assert not is_country(code)


@pytest.mark.parametrize(
    ("country", "written", "tidy"),
    [
        ("DE", " 10115 ", "10115"),
        ("GB", "sw1a  1aa", "SW1A 1AA"),
        ("NL", "1012ab", "1012AB"),
        ("US", "10001-1234", "10001-1234"),
        ("IE", "d02 x285", "D02 X285"),
    ],
)
def test_a_postcode_is_tidied(country, written, tidy):
    assert validate_postal_code(country, written) == tidy


@pytest.mark.parametrize(
    ("country", "written"), [("DE", "1011"), ("DE", ""), ("DE", "١٠١١٥"), ("AT", "0123"), ("US", "1000")]
)
def test_a_postcode_of_another_shape_is_refused(country, written):
    with pytest.raises(ValidationError):
        validate_postal_code(country, written)


@pytest.mark.parametrize("value", ["AT", "XX", "", None, '"><b>'])
def test_a_long_select_says_what_djangos_does(value):
    written = {"id": "id_country", "class": "wide", "aria-invalid": "true", "disabled": False, "required": True}
    choices = [*country_choices(), ('"<', "<b>Nowhere & co</b>")]
    ours, djangos = (
        select(attrs={"autocomplete": "country"}, choices=choices).render("shipping-country", value, written)
        for select in (LongSelect, forms.Select)
    )
    assertHTMLEqual(ours, djangos)
