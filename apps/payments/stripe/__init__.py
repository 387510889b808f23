"""Stripe: hosted Checkout Sessions, asked by its own library, which nothing outside of this package imports."""

CODE = "stripe"
