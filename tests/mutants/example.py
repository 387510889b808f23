"""Something small to change."""

from functools import wraps


def twice(function):
    @wraps(function)
    def both(*arguments):
        return function(*arguments), function(*arguments)

    return both


class Parcel:
    def price(self, pieces=2):
        return pieces * 5


class Gift(Parcel):
    @property
    def weight(self):
        return 3

    def price(self, *, wrapped=False):
        return super().price(pieces=4)


@twice
def hours(days):
    return days * 24
