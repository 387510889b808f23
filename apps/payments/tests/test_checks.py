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


def test_the_set_up_list_says_how_payment_stands(settings):
    settings.PAYMENT_METHODS = []
    assert [note.done for note in payment_notes()] == [False]
    settings.PAYMENT_METHODS = ["sandbox"]
    assert ["test bank" in str(note.text) for note in payment_notes()] == [True]


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


def test_no_message_repeats_a_key(stripe):
    stripe.STRIPE_SECRET_KEY, stripe.STRIPE_WEBHOOK_SECRET = "pk_live_verysecret", ["verysecret"]
    stripe.STRIPE_API_BASE, stripe.DEBUG = "http://elsewhere.example", True
    said = " ".join(f"{message.msg} {message.hint}" for message in check_stripe())
    assert said
    assert "verysecret" not in said


def test_the_checks_are_run_by_django():
    registered = {check.__name__ for check in checks.registry.registry.get_checks(include_deployment_checks=True)}
    assert {"check_methods", "check_stripe", "check_sandbox", "check_stripe_deploy"} <= registered


@pytest.mark.parametrize(
    ("changes", "word", "done"),
    [
        ({}, "is set up", True),
        ({"STRIPE_SECRET_KEY": ""}, "STRIPE_SECRET_KEY", False),
        ({"STRIPE_WEBHOOK_SECRET": []}, "STRIPE_WEBHOOK_SECRET", False),
        ({"STRIPE_SECRET_KEY": TEST}, "test mode", False),
    ],
)
def test_the_set_up_list_says_how_stripe_stands(stripe, changes, word, done):
    for name, value in changes.items():
        setattr(stripe, name, value)
    (note,) = payment_notes()
    assert word in str(note.text)
    assert note.done is done
