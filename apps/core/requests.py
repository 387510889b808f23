from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from apps.core.ownership import Owner


class ShopRequest(HttpRequest):
    """A request as our middleware leaves it; for annotations only, nothing makes one."""

    owner: Owner
    htmx: HtmxDetails
    _stoa_new_guest_key: str
    _stoa_forget_guest: bool
