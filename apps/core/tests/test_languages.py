"""The address says the language, whatever the browser wishes."""

import pytest
from django.http import HttpResponse
from django.utils import translation

from apps.core.languages import AddressLanguageMiddleware


@pytest.mark.parametrize(
    ("path", "language"),
    [("/", "en"), ("/products/", "en"), ("/de/", "de"), ("/de/products/", "de"), ("/design/", "en"), ("/fr/", "en")],
)
def test_the_first_part_of_the_address_is_the_language(rf, path, language):
    spoken = []

    def view(request):
        spoken.append((request.LANGUAGE_CODE, translation.get_language()))
        return HttpResponse()

    response = AddressLanguageMiddleware(view)(rf.get(path, headers={"accept-language": "de"}))

    assert spoken == [(language, language)]
    assert response["Content-Language"] == language
    assert not response.has_header("Vary")
