from django import forms

from apps.payments.sandbox.bank import Decision


class DecisionForm(forms.Form):
    """The three buttons of the test bank."""

    outcome = forms.TypedChoiceField(choices=Decision.choices, coerce=Decision)
