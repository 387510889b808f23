import pytest

from tests.mutants import example
from tests.mutants.changes import functions, module_of, mutants_of
from tests.mutants.sampling import drawn, files_in_scope, in_order, share, wilson
from tests.support.databases import ROOT

PATH = "tests/mutants/example.py"


@pytest.fixture
def mutants(monkeypatch):
    """Those of the example, which is itself again afterwards."""
    for function in functions(example).values():
        for name in ("__code__", "__defaults__", "__kwdefaults__"):
            monkeypatch.setattr(function, name, getattr(function, name))
    return {added(mutant): mutant for mutant in mutants_of(PATH, (ROOT / PATH).read_text())}


def added(mutant):
    return next(line[1:].strip() for line in mutant.diff.splitlines()[1:] if line.startswith("+"))


def test_each_place_of_a_function_or_method_is_changed_once_also_behind_a_decorator(mutants):
    assert list(mutants) == [
        "def price(self, pieces=3):",
        "return pieces / 5",
        "return pieces * 6",
        "return 4",
        "def price(self, *, wrapped=True):",
        "return super().price(pieces=None)",
        "return super().price(pieces=5)",
        "return days / 24",
        "return days * 25",
    ]


def test_a_mutant_shows_what_it_changes(mutants):
    assert mutants["return days * 25"].diff == (
        "--- tests/mutants/example.py\n"
        "@@ -29,2 +29,2 @@\n"
        " def hours(days):\n"
        "-    return days * 24\n"
        "+    return days * 25"
    )


@pytest.mark.parametrize(
    ("change", "prices", "weight", "hours"),
    [
        ("return pieces * 6", (12, 24), 3, (48, 48)),
        ("def price(self, pieces=3):", (15, 20), 3, (48, 48)),
        ("return super().price(pieces=5)", (10, 25), 3, (48, 48)),
        ("return 4", (10, 20), 4, (48, 48)),
        ("return days * 25", (10, 20), 3, (50, 50)),
    ],
)
def test_a_mutant_that_is_made_is_what_everyone_meets_who_imported_it(mutants, change, prices, weight, hours):
    mutants[change].make()
    parcel, gift = example.Parcel(), example.Gift()
    assert ((parcel.price(), gift.price()), gift.weight, example.hours(2)) == (prices, weight, hours)


def test_a_default_behind_a_star_is_changed(mutants):
    mutants["def price(self, *, wrapped=True):"].make()
    assert example.Gift.price.__kwdefaults__ == {"wrapped": True}


def test_the_running_shop_has_every_function_that_a_mutant_changes():
    path = "apps/orders/services/states.py"
    places = {mutant.place for mutant in mutants_of(path, (ROOT / path).read_text())}
    assert places <= set(functions(module_of(path)))


def test_what_is_measured_is_what_coverage_asks_for_but_the_tests_and_what_mutmut_changes_itself():
    files = files_in_scope(ROOT)
    assert {"apps/orders/services/states.py", "apps/catalog/models/stock.py", "apps/payments/stripe/gateway.py"} <= set(
        files
    )
    assert not {"apps/pricing/quote.py", "apps/payments/fake_stripe/api.py", "apps/orders/forms.py"} & set(files)
    assert not [file for file in files if "/tests/" in file or "/migrations/" in file]


def test_a_seed_draws_the_same_numbers_each_time_and_another_seed_others():
    assert drawn(15_000, 5, seed=1) == [2201, 9325, 13884, 13144, 12513]
    assert drawn(15_000, 5, seed=2) != drawn(15_000, 5, seed=1)
    assert sorted(drawn(3, 5, seed=1)) == [0, 1, 2]


def test_the_interval_is_wilsons():
    assert [round(bound, 4) for bound in wilson(270, 300)] == [0.8608, 0.9291]
    assert [round(bound, 4) for bound in wilson(10, 10)] == [0.7225, 1]
    assert share(270, 300) == "270 of 300, 90.0% (95 % between 86.1% and 92.9%)"


def test_the_nearest_tests_are_asked_first_one_of_each_file_and_then_the_others_of_it():
    reached = {"a::wide": (-5, 90), "b::near": (-7, 10), "a::nearest": (-9, 5), "b::far": (-5, 20), "a::far": (-5, 30)}
    assert in_order(reached) == ["a::nearest", "b::near", "a::far", "a::wide", "b::far"]
