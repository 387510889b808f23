"""Form fields that know money."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.money import Money, minor_digits, to_minor


class MinorUnitsField(forms.DecimalField):
    """People type major units, 19.99; the value is minor units, 1999, of the shop's currency unless told another."""

    def __init__(self, *, currency: str = "", **kwargs: Any) -> None:
        self.currency = currency or settings.SHOP_CURRENCY
        digits = minor_digits(self.currency)
        super().__init__(**{"min_value": 0, "max_digits": 14, "decimal_places": digits, **kwargs})

    def clean(self, value: Any) -> Any:
        amount = super().clean(value)
        if amount is None:
            return None
        try:
            return to_minor(amount, self.currency)
        except ValueError as error:
            raise ValidationError(_("Enter an amount without fractions of a cent.")) from error

    def prepare_value(self, value: Any) -> Any:
        return Money(value, self.currency).decimal if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(Decimal(self.prepare_value(initial)) if isinstance(initial, int) else initial, data)
