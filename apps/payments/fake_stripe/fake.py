"""The fake as an object: start it in a thread, drive it, stop it."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from apps.payments.fake_stripe.account import Account
from apps.payments.fake_stripe.api import Api
from apps.payments.fake_stripe.clock import Clock
from apps.payments.fake_stripe.control import Control
from apps.payments.fake_stripe.delivery import Courier, Deliver, post_to
from apps.payments.fake_stripe.faults import Faults
from apps.payments.fake_stripe.server import Server

SECRET = "whsec_fake"  # noqa: S105  signs nothing but fakes


class FakeStripe:
    """`with FakeStripe() as stripe:` serves on a free port of the loopback.

    `webhook_url`: events are posted there at once, by a thread of the fake. `deliver`: a callable that takes the body
    and the headers and returns a status; it is called only by `control.deliver()` and `control.deliver_due()`, in the
    thread of the caller, so that it may be a test client in the middle of a transaction. Neither: events are written
    and never delivered.
    """

    def __init__(
        self,
        *,
        webhook_url: str | None = None,
        deliver: Deliver | None = None,
        secrets: tuple[str, ...] = (SECRET,),
        api_key: str = "",
        port: int = 0,
        couriers: int = 1,
        log: Callable[[str], None] | None = None,
    ) -> None:
        self.api_key = api_key
        self.log = log or (lambda line: None)
        self.clock = Clock()
        self.account = Account(self.clock, lambda: self.url)
        self.faults = Faults()
        self.courier = Courier(
            self.account, self.faults, list(secrets), post_to(webhook_url) if webhook_url else deliver
        )
        self.account.announce = self.courier.announce
        self.api = Api(self.account, self.courier, self.faults)
        self.control = Control(self.account, self.api, self.courier, self.faults)
        self._server = Server(self, port)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        if webhook_url:
            self._threads += [threading.Thread(target=self.courier.run, daemon=True) for _ in range(couriers)]

    @property
    def secret(self) -> str:
        """What webhooks are signed with; the first, if there are several."""
        return self.courier.secrets[0]

    def accepts(self, key: str) -> bool:
        """A secret or restricted test key; only `api_key`, if one was given."""
        return key == self.api_key if self.api_key else key.startswith(("sk_test_", "rk_test_"))

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    def start(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        self.courier.close()
        self.faults.clear()
        self._server.close()
        for thread in self._threads:
            thread.join(timeout=5)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
