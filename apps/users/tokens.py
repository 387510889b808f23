from typing import Any

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from django.conf import settings


class ResetTokens(EmailAwarePasswordResetTokenGenerator):
    """Reset links signed by a key of their own: changing SECRET_KEY leaves them valid.

    Properties, not values set once: allauth builds its generator at import, and a key that is rotated later
    must count.
    """

    key_salt = "users.password_reset"

    @property
    def secret(self) -> str:
        return settings.PASSWORD_RESET_SIGNING_KEY

    @secret.setter
    def secret(self, value: Any) -> None:
        pass

    @property
    def secret_fallbacks(self) -> list[str]:
        return settings.PASSWORD_RESET_SIGNING_KEY_FALLBACKS

    @secret_fallbacks.setter
    def secret_fallbacks(self, value: Any) -> None:
        pass
