from apps.payments.checks import check_methods, check_sandbox
from apps.payments.notes import payment_notes


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
