"""A strict stand-in for the payment provider's API, for tests and for work without a network. No Django in here."""

from apps.payments.fake_stripe.fake import FakeStripe

__all__ = ["FakeStripe"]
