from typing import Any

from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from apps.core.errors import DomainError


class RefusalForm(ModelForm):
    """Shows what a service refused as an error of the whole form."""

    refusal: str = ""

    def clean(self) -> Any:
        data = super().clean()
        if self.refusal:
            self.add_error(None, self.refusal)
        return data


class RefusalsOnForm:
    """A ModelAdmin whose services may say no: nothing is stored, and the form comes back as it was typed."""

    def changeform_view(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        except DomainError as refusal:
            request.refusal = str(refusal)  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]

    def get_form(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)  # type: ignore[misc]
        form.refusal = getattr(request, "refusal", "")
        return form
