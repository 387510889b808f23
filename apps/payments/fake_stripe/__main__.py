"""`python -m apps.payments.fake_stripe`: serve until Ctrl-C."""

import argparse
import sys
import threading

from apps.payments.fake_stripe.fake import SECRET, FakeStripe


def main(arguments: list[str] | None = None, *, until: threading.Event | None = None) -> int:
    parser = argparse.ArgumentParser(prog="stripe-fake", description=__doc__)
    parser.add_argument("--port", type=int, default=12111)
    parser.add_argument("--webhook", default="http://127.0.0.1:8000/payments/stripe/webhook/")
    parser.add_argument("--secret", action="append", help="sign with it; twice during a rotation")
    options = parser.parse_args(arguments)
    secrets = tuple(options.secret or [SECRET])
    try:
        fake = FakeStripe(webhook_url=options.webhook, secrets=secrets, port=options.port, log=_say)
    except OSError:
        _say(f"Port {options.port} is taken. Choose another with --port.")
        return 1
    with fake:
        _say(f"The fake Stripe is at {fake.url}, its control at {fake.url}/_fake/, and calls {options.webhook}")
        try:
            (until or threading.Event()).wait()
        except KeyboardInterrupt:
            _say("Stopped.")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
