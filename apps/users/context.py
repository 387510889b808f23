from typing import Any

from django.http import HttpRequest


def private_pages(request: HttpRequest) -> dict[str, Any]:
    """Pages around an account are not for search engines."""
    match = request.resolver_match
    if match and (match.app_name == "users" or match.view_name.startswith("account_")):
        return {"noindex": True}
    return {}
