from typing import Any

from django.conf import settings
from django.core import checks

METHODS = frozenset({"sandbox"})


def check_methods(**kwargs: Any) -> list[checks.CheckMessage]:
    """A misspelt method would be a checkout without a way to pay."""
    return [
        checks.Error(
            f"PAYMENT_METHODS names {code!r}, which is no way to pay.",
            hint=f"Known: {', '.join(sorted(METHODS))}.",
            id="payments.E001",
        )
        for code in settings.PAYMENT_METHODS
        if code not in METHODS
    ]


def check_sandbox(**kwargs: Any) -> list[checks.CheckMessage]:
    if "sandbox" not in settings.PAYMENT_METHODS or settings.DEBUG:
        return []
    return [
        checks.Warning(
            "PAYMENT_METHODS names the sandbox: everybody can take goods without paying.",
            hint="Fine for a demonstration. Take it out before the first real order.",
            id="payments.W001",
        )
    ]


def register_checks() -> None:
    checks.register(check_methods)
    checks.register(check_sandbox, checks.Tags.security, deploy=True)
