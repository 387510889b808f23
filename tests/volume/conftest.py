"""The shop pays by the fake Stripe, as in the tests of its driver."""

from apps.payments.tests.stripe.conftest import stripe, stripe_server  # noqa: F401
