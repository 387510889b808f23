"""Who counts as the same customer where a discount is limited per customer."""

import hashlib

_ONE_MAILBOX = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def normal_email(email: str) -> str:
    """The mailbox behind an address: small letters, nothing after a +, and at Gmail no dots.

    Other providers' habits are not guessed: two addresses that may be two people stay two.
    """
    local, _, domain = email.strip().lower().rpartition("@")
    domain = domain.rstrip(".")
    local = local.partition("+")[0] or local
    if domain in _ONE_MAILBOX:
        local, domain = local.replace(".", ""), _ONE_MAILBOX[domain]
    return f"{local}@{domain}"


def customer_key(email: str) -> str:
    """What a redemption keeps of the address: a hash, so that erasing the customer leaves no address behind."""
    return hashlib.sha256(f"stoa.pricing.customer:{normal_email(email)}".encode()).hexdigest()
