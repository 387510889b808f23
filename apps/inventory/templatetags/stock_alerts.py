from django import template

from apps.inventory.forms import AlertForm

register = template.Library()


@register.simple_tag
def alert_form(sku: str) -> AlertForm:
    """The empty form below a sold-out variant."""
    return AlertForm(initial={"sku": sku})
