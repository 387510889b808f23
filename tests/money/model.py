"""What the shop has to come to, in plain Python without a database, written from the promises and not from the code.

The model is told what people do and what the payment provider holds true of a payment; it predicts every figure.
"""

from dataclasses import dataclass, field

GONE = ("failed",)


@dataclass
class Article:
    price: int
    on_hand: int
    reserved: int = 0

    @property
    def available(self):
        return self.on_hand - self.reserved


@dataclass
class Code:
    """`share` in percent, or `off` in minor units; used by customers, one entry for each order that holds a use."""

    share: int = 0
    off: int = 0
    minimum: int = 0
    limit: int = 99
    each: int = 99
    users: dict[int, str] = field(default_factory=dict)

    def left_for(self, customer):
        mine = list(self.users.values()).count(customer)
        return len(self.users) < self.limit and mine < self.each

    def reduction(self, lines):
        goods = sum(lines)
        if goods < self.minimum:
            return 0
        # Half a unit and more is rounded up, line by line.
        return sum((line * self.share + 50) // 100 for line in lines) if self.share else min(self.off, goods)


@dataclass
class Back:
    """Money that goes back of a payment. `paid_for` is what its pieces are worth, by article."""

    ref: str
    amount: int
    state: str
    ours: bool = True
    pieces: dict[str, int] = field(default_factory=dict)
    delivery: int = 0


@dataclass
class Payment:
    bill: int
    state: str = "created"
    captured: int = 0
    applied: bool = False
    backs: list[Back] = field(default_factory=list)
    dispute: str = ""

    @property
    def refunded(self):
        return sum(back.amount for back in self.backs if back.state not in GONE)

    @property
    def left(self):
        return self.captured - self.refunded


@dataclass
class Line:
    """`worth` is what the customer pays for all its pieces."""

    pieces: int
    worth: int
    released: int = 0
    shelved: int = 0


@dataclass
class Bill:
    customer: str
    lines: dict[str, Line]
    delivery: int
    code: str = ""
    paid: bool = False
    shipped: bool = False
    closure: str = ""

    @property
    def total(self):
        return sum(line.worth for line in self.lines.values()) + self.delivery


@dataclass
class Told:
    """What the provider says of one payment: where it is, what it took, refunds by their reference, a dispute."""

    state: str = ""
    amount: int = 0
    refunds: dict[str, tuple[int, str, str]] = field(default_factory=dict)  # amount, state, our reference
    dispute: tuple[int, str] = (0, "")


class Shop:
    def __init__(self, articles, codes, delivery):
        self.articles: dict[str, Article] = articles
        self.codes: dict[str, Code] = codes
        self.delivery = delivery
        self.carts: dict[str, dict[str, int]] = {}
        self.entered: dict[str, str] = {}
        self.bills: dict[int, Bill] = {}
        self.payments: dict[str, Payment] = {}

    # Buying

    def quote(self, customer):
        """The total of a cart as this customer would pay it, and the code that takes something off."""
        lines = [self.articles[sku].price * pieces for sku, pieces in self.carts[customer].items()]
        name = self.entered.get(customer, "")
        off = self.codes[name].reduction(lines) if name and self.codes[name].left_for(customer) else 0
        return sum(lines) - off + self.delivery, name if off else ""

    def can_place(self, customer):
        return all(self.articles[sku].available >= pieces for sku, pieces in self.carts[customer].items())

    def place(self, customer, bill, worths):
        """`worths`: how the discount was spread, by article; that it adds up to the quote is checked by the caller."""
        _, code = self.quote(customer)
        cart = self.carts.pop(customer)
        self.entered.pop(customer, None)
        lines = {sku: Line(pieces, worths[sku]) for sku, pieces in cart.items()}
        self.bills[bill] = Bill(customer, lines, self.delivery, code)
        for sku, pieces in cart.items():
            self.articles[sku].reserved += pieces
        if code:
            self.codes[code].users[bill] = customer

    # Money

    def pays(self, bill):
        return next((payment for payment in self.payments.values() if payment.bill == bill and payment.applied), None)

    def hear(self, name, told):
        """A word of the provider about a payment."""
        payment = self.payments[name]
        if payment.state != "succeeded":
            self._move(payment, told)
        if payment.state == "succeeded":
            self.fold(payment, told)

    def _move(self, payment, told):
        if told.state == "succeeded":
            payment.state, payment.captured = "succeeded", told.amount
            if self._take(payment):
                payment.applied = True
            else:
                payment.backs.append(Back(f"rule-{id(payment)}", told.amount, "pending"))
        elif told.state and payment.state in {"created", "pending"}:
            payment.state = told.state

    def _take(self, payment):
        bill = self.bills[payment.bill]
        if bill.paid or payment.captured != bill.total or bill.closure == "cancelled":
            return False
        if bill.closure == "expired" and not self._take_up_again(payment.bill, bill):
            return False
        bill.paid = True
        return True

    def _take_up_again(self, number, bill):
        code = self.codes.get(bill.code)
        if code and not code.left_for(bill.customer):
            return False
        if any(self.articles[sku].available < line.pieces for sku, line in bill.lines.items()):
            return False
        if code:
            code.users[number] = bill.customer
        for sku, line in bill.lines.items():
            self.articles[sku].reserved += line.pieces
        bill.closure = ""
        return True

    def fold(self, payment, told):
        """What went back: our own refunds by our reference, others are added; failures first, they make room."""
        known = {back.ref: back for back in payment.backs}
        for ref, (_, state, ours) in told.refunds.items():
            back = known.get(ours or ref)
            if back and back.state not in GONE and state != "pending":
                back.state = state
        for ref, (amount, state, ours) in told.refunds.items():
            if not ours and ref not in known:
                payment.backs.append(Back(ref, amount, state, ours=False))
        amount, state = told.dispute
        if state and not payment.dispute:
            payment.dispute = "open"
        if payment.dispute == "open" and state in {"won", "lost"}:
            payment.dispute = state
            taken = min(amount, payment.left)
            if state == "lost" and taken:
                payment.backs.append(Back(f"dispute-{id(payment)}", taken, "succeeded", ours=False))

    # Closing and sending

    def close(self, number, how, *, restock=True):
        bill = self.bills[number]
        bill.closure = how
        for code in self.codes.values():
            code.users.pop(number, None)
        for sku, line in bill.lines.items():
            self._leave(sku, line.pieces - line.released, free=restock)

    def ship(self, number):
        bill = self.bills[number]
        bill.shipped = True
        for sku, line in bill.lines.items():
            self._leave(sku, line.pieces - line.released, free=False)

    def _leave(self, sku, pieces, *, free):
        self.articles[sku].reserved -= pieces
        self.articles[sku].on_hand -= 0 if free else pieces

    # Giving back

    def unrefunded(self, number, sku):
        payment, line = self.pays(number), self.bills[number].lines[sku]
        return line.pieces - sum(back.pieces.get(sku, 0) for back in payment.backs if back.state not in GONE)

    def worth(self, number, pieces):
        """What these pieces give back, if nothing but pieces and delivery went back before; floors of running sums."""
        amount = 0
        for sku, count in pieces.items():
            line = self.bills[number].lines[sku]
            before = line.pieces - self.unrefunded(number, sku)
            amount += line.worth * (before + count) // line.pieces - line.worth * before // line.pieces
        return amount

    def is_plain(self, number):
        """Whether only pieces and delivery have gone back, so that `worth` is exact."""
        backs = [back for back in self.pays(number).backs if back.state not in GONE]
        return all(back.ours and (back.pieces or back.delivery) for back in backs)

    def give(self, number, back, *, restock):
        """A refund of staff: the money is on its way and the goods go where they are to go, once."""
        bill, payment = self.bills[number], self.pays(number)
        payment.backs.append(back)
        for sku, count in back.pieces.items():
            line = bill.lines[sku]
            refunded = line.pieces - self.unrefunded(number, sku)
            if bill.closure:
                continue
            if not bill.shipped:
                pieces = max(0, min(count, refunded - line.released))
                line.released += pieces
                self._leave(sku, pieces, free=restock)
            elif restock:
                pieces = max(0, min(count, line.pieces - line.released - line.shelved))
                line.shelved += pieces
                self.articles[sku].on_hand += pieces

    # Figures

    def status(self, number):
        bill, payment = self.bills[number], self.pays(number)
        back = sum(each.amount for each in payment.backs if each.state == "succeeded") if payment else 0
        if bill.closure:
            return bill.closure
        if back and back >= bill.total:
            return "refunded"
        if bill.shipped:
            return "shipped"
        if back:
            return "partially_refunded"
        return "paid" if bill.paid else "awaiting_payment"

    def figures(self):
        return {
            "stock": {sku: (article.on_hand, article.reserved) for sku, article in self.articles.items()},
            "orders": {number: (self.status(number), bill.total) for number, bill in self.bills.items()},
            "payments": {
                name: (payment.state, payment.captured, payment.refunded, payment.applied)
                for name, payment in self.payments.items()
            },
            "refunds": sorted((back.amount, back.state) for each in self.payments.values() for back in each.backs),
            "disputes": sorted(payment.dispute for payment in self.payments.values() if payment.dispute),
            "codes": {name: len(code.users) for name, code in self.codes.items()},
            "invoices": sorted(bill.total for bill in self.bills.values() if bill.paid),
        }
