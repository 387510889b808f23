import pytest
from django.core import checks

from apps.payments.checks import check_methods, check_sandbox, check_stripe, check_stripe_deploy
from apps.payments.notes import payment_notes

LIVE, TEST = "sk_live_0123456789", "sk_test_0123456789"


@pytest.fixture
def stripe(settings):
    """A shop in production that takes real money by Stripe, all set."""
    settings.DEBUG = False
    settings.PAYMENT_METHODS = ["stripe"]
    settings.STRIPE_SECRET_KEY = LIVE
    settings.STRIPE_WEBHOOK_SECRET = ["whsec_one"]
    settings.STRIPE_API_BASE = ""
    settings.STRIPE_CAPTURE = "automatic"
    settings.SITE_IS_SECURE = True
    return settings


def ids(messages) -> list[str]:
    return [message.id for message in messages]


def test_the_test_bank_in_production_is_a_warning(settings):
    settings.DEBUG = False
    settings.PAYMENT_METHODS = ["sandbox"]
    assert ids(check_sandbox()) == ["payments.W001"]


def test_the_test_bank_in_development_is_fine(settings):
    settings.DEBUG = True
    settings.PAYMENT_METHODS = ["sandbox"]
    assert check_sandbox() == []


def test_a_shop_without_payment_has_nothing_to_warn_of(settings):
    settings.DEBUG = False
    settings.PAYMENT_METHODS = []
    assert check_sandbox() + check_methods() == []


def test_an_unknown_method_is_an_error(settings):
    settings.PAYMENT_METHODS = ["sandbox", "snadbox"]
    assert ids(check_methods()) == ["payments.E001"]


def test_a_shop_that_is_all_set_has_nothing_to_say(stripe):
    assert check_methods() + check_stripe() + check_stripe_deploy() + check_sandbox() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"STRIPE_SECRET_KEY": "pk_live_0123"}, ["payments.E004"]),
        ({"STRIPE_SECRET_KEY": "nonsense"}, ["payments.E004"]),
        ({"STRIPE_SECRET_KEY": "rk_live_0123"}, []),
        ({"STRIPE_SECRET_KEY": TEST}, []),
        ({"DEBUG": True}, ["payments.E005"]),
        ({"DEBUG": True, "STRIPE_SECRET_KEY": TEST}, []),
        ({"STRIPE_WEBHOOK_SECRET": []}, ["payments.E003"]),
        ({"STRIPE_WEBHOOK_SECRET": ["whsec_one", "two"]}, ["payments.E006"]),
        ({"STRIPE_WEBHOOK_SECRET": ["whsec_one", " whsec_two"]}, []),
        ({"STRIPE_API_BASE": "https://fake.example"}, ["payments.E007"]),
        ({"STRIPE_API_BASE": "https://api.stripe.com"}, []),
        ({"STRIPE_API_BASE": "http://127.0.0.1:12111", "STRIPE_SECRET_KEY": TEST}, []),
        ({"STRIPE_API_BASE": "http://fake.example", "STRIPE_SECRET_KEY": TEST}, ["payments.E008"]),
        ({"STRIPE_CAPTURE": "later"}, ["payments.E009"]),
        ({"PAYMENT_METHODS": ["sandbox"], "STRIPE_SECRET_KEY": "nonsense"}, []),
        ({"STRIPE_SECRET_KEY": ""}, []),
    ],
)
def test_what_does_not_fit_together_is_an_error(stripe, changes, expected):
    for name, value in changes.items():
        setattr(stripe, name, value)
    assert ids(check_stripe()) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"STRIPE_SECRET_KEY": ""}, ["payments.E002"]),
        ({"STRIPE_SECRET_KEY": TEST}, ["payments.W002"]),
        ({"STRIPE_SECRET_KEY": TEST, "SITE_IS_SECURE": False}, []),
        ({"STRIPE_SECRET_KEY": "", "PAYMENT_METHODS": []}, []),
    ],
)
def test_a_deploy_learns_of_a_missing_key_and_of_a_test_key(stripe, changes, expected):
    for name, value in changes.items():
        setattr(stripe, name, value)
    assert ids(check_stripe_deploy()) == expected


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"PAYMENT_METHODS": ["snadbox"]},
            ("PAYMENT_METHODS names 'snadbox', which is no way to pay.", "Known: sandbox, stripe."),
        ),
        (
            {"STRIPE_SECRET_KEY": "nonsense"},
            (
                "STRIPE_SECRET_KEY is no secret key.",
                "It begins with sk_live_, rk_live_, sk_test_ or rk_test_. A pk_ key is for browsers.",
            ),
        ),
        (
            {"DEBUG": True},
            (
                "STRIPE_SECRET_KEY moves real money, but this is a development server.",
                "Use a test key (sk_test_…) here.",
            ),
        ),
        (
            {"STRIPE_WEBHOOK_SECRET": []},
            (
                "STRIPE_WEBHOOK_SECRET is missing: Stripe's word that an order is paid would be refused.",
                "Stripe shows it beside the webhook endpoint; it begins with whsec_.",
            ),
        ),
        (
            {"STRIPE_WEBHOOK_SECRET": ["two"]},
            (
                "STRIPE_WEBHOOK_SECRET holds something that is no webhook secret.",
                "One begins with whsec_; two, separated by a comma, are for the days of a change.",
            ),
        ),
        (
            {"STRIPE_API_BASE": "https://fake.example"},
            (
                "STRIPE_API_BASE sends a live key to another place than Stripe.",
                "Leave STRIPE_API_BASE empty; it is for the fake Stripe of tests and development.",
            ),
        ),
        (
            {"STRIPE_API_BASE": "http://fake.example", "STRIPE_SECRET_KEY": TEST, "SITE_IS_SECURE": False},
            ("STRIPE_API_BASE must begin with https:// unless it names a loopback host.", None),
        ),
        ({"STRIPE_CAPTURE": "later"}, ("STRIPE_CAPTURE is 'later'.", "Known: automatic, manual.")),
        (
            {"STRIPE_SECRET_KEY": ""},
            (
                "PAYMENT_METHODS names stripe, but STRIPE_SECRET_KEY is missing: nobody can pay by it.",
                "Set the key, or name other methods.",
            ),
        ),
        (
            {"STRIPE_SECRET_KEY": TEST},
            (
                "STRIPE_SECRET_KEY is a test key: orders turn paid, but no money moves.",
                "Fine for a trial. Set the live key before the first real order.",
            ),
        ),
        (
            {"PAYMENT_METHODS": ["sandbox"]},
            (
                "PAYMENT_METHODS names the sandbox: everybody can take goods without paying.",
                "Fine for a demonstration. Take it out before the first real order.",
            ),
        ),
    ],
)
def test_each_message_says_what_is_wrong_and_what_to_do(stripe, changes, told):
    for name, value in changes.items():
        setattr(stripe, name, value)
    messages = check_methods() + check_stripe() + check_stripe_deploy() + check_sandbox()
    assert [(message.msg, message.hint) for message in messages] == [told]


def test_no_message_repeats_a_key(stripe):
    stripe.STRIPE_SECRET_KEY, stripe.STRIPE_WEBHOOK_SECRET = "pk_live_verysecret", ["verysecret"]
    stripe.STRIPE_API_BASE, stripe.DEBUG = "http://elsewhere.example", True
    said = " ".join(f"{message.msg} {message.hint}" for message in check_stripe())
    assert said
    assert "verysecret" not in said


def test_the_checks_are_run_by_django():
    always = set(checks.registry.registry.get_checks())
    assert {check_methods, check_stripe} <= always
    deploying = set(checks.registry.registry.get_checks(include_deployment_checks=True)) - always
    assert {check_sandbox, check_stripe_deploy} <= deploying
    assert [check.tags for check in (check_sandbox, check_stripe_deploy)] == [("security",), ("security",)]


@pytest.mark.parametrize(
    ("changes", "text", "done"),
    [
        ({}, "Payment is set up.", True),
        ({"PAYMENT_METHODS": []}, "Payment is not set up: name a method in PAYMENT_METHODS.", False),
        (
            {"PAYMENT_METHODS": ["sandbox"]},
            "Payments go to the test bank: orders turn paid, but no money moves.",
            False,
        ),
        ({"STRIPE_SECRET_KEY": ""}, "Payment by Stripe is not set up: STRIPE_SECRET_KEY is missing.", False),
        (
            {"STRIPE_WEBHOOK_SECRET": []},
            "Stripe can't tell the shop of payments: STRIPE_WEBHOOK_SECRET is missing.",
            False,
        ),
        ({"STRIPE_SECRET_KEY": TEST}, "Stripe is in test mode: orders turn paid, but no money moves.", False),
    ],
)
def test_the_set_up_list_says_how_payment_stands(stripe, changes, text, done):
    for name, value in changes.items():
        setattr(stripe, name, value)
    assert [(str(note.text), note.done) for note in payment_notes()] == [(text, done)]
