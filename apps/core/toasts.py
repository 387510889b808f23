"""Toasts are Django's messages: on a page by placeholder, on a fragment appended out of band."""

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control


def toasts(request: HttpRequest) -> str:
    """HTML of the waiting messages, which are then read; empty without any."""
    storage = get_messages(request)
    # Reading an empty storage would still answer with a cookie that deletes nothing.
    waiting = list(storage) if len(storage) else []
    return render_to_string("partials/toasts.html", {"toasts": waiting}) if waiting else ""


def append_toasts(request: HttpRequest, response: HttpResponse) -> None:
    html = toasts(request)
    if html:
        patch_cache_control(response, private=True)
        response.content += f'<div id="toasts" hx-swap-oob="beforeend">{html}</div>'.encode()
