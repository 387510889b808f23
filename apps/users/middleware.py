from collections.abc import Callable

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

# How long allauth's count of failed sign-ins lasts (the longest of its windows).
FAILED_SIGN_IN_SECONDS = 300


class RefusedFormMiddleware:
    """Give refused forms of allauth the status that they mean: it answers every one of them with 200."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        form = (response.context_data or {}).get("form")
        if request.method != "POST" or response.status_code != 200 or not isinstance(form, BaseForm):
            return response
        if form.errors:
            response.status_code = 422
        if form.has_error("__all__", "too_many_login_attempts"):
            response.status_code = 429
            response["Retry-After"] = str(FAILED_SIGN_IN_SECONDS)
        return response
