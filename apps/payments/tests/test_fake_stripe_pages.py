"""The hosted page of the fake Stripe, its control address, its command; and many clients at once."""

import ast
import http.client
import json
import re
import runpy
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import stripe as sdk

from apps.payments import fake_stripe
from apps.payments.fake_stripe import FakeStripe, cards
from apps.payments.fake_stripe.__main__ import main
from apps.payments.fake_stripe.server import hang_up
from apps.payments.tests.test_fake_stripe import client_of, open_session, paid_intent


@pytest.fixture(scope="module")
def server():
    with FakeStripe() as fake:
        yield fake


@pytest.fixture
def fake(server):
    server.control.reset()
    return server


@pytest.fixture
def client(fake):
    return client_of(fake)


def fetch(url, method="GET", body=""):
    """Status, place to go, text; without following a redirect."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    connection.request(method, parts.path, body)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, response.headers["Location"], text


def choose(session, card):
    return fetch(session.url, "POST", urlencode({"card": card}))


def test_the_page_shows_what_is_bought_and_the_cards_of_the_test(client):
    session = open_session(client, client_reference_id="<b>")
    status, _, text = fetch(session.url)
    assert status == 200
    assert "1 × A chair" in text
    assert "49.99 EUR" in text
    assert set(re.findall(r'value="(\w+)"', text)) == {
        cards.SUCCESS,
        cards.DECLINED,
        cards.NO_FUNDS,
        cards.AUTHENTICATE,
        cards.DELAYED,
    }
    assert 'href="http://shop.test/back/"' in text
    assert not re.search(r"<script|style=|\son\w+=", text)


def test_what_the_shop_sends_is_text_and_no_markup(client):
    params = {"currency": "eur", "unit_amount": 5000, "product_data": {"name": "<img src=x>"}}
    session = open_session(client, line_items=[{"price_data": params}], cancel_url='http://shop.test/"><b>')
    text = fetch(session.url)[2]
    assert "<img" not in text
    assert "<b>" not in text


def test_a_card_that_pays_leads_back_to_the_shop(client, fake):
    session = open_session(client)
    done = f"http://shop.test/done/?session={session.id}"
    assert choose(session, cards.SUCCESS)[:2] == (303, done)
    assert fake.control.charged("A1") == {"charges": 1, "captured": 4999, "refunded": 0}
    status, _, text = choose(session, cards.SUCCESS)
    assert (status, done in text) == (200, True)
    assert fake.control.charged("A1")["charges"] == 1


def test_a_declined_card_is_told_and_another_may_be_tried(client, fake):
    session = open_session(client)
    status, _, text = choose(session, cards.DECLINED)
    assert status == 402
    assert "Your card was declined." in text
    assert "Your card number is incorrect." in choose(session, "1234")[2]
    assert choose(session, cards.SUCCESS)[0] == 303


def test_the_bank_asks_and_takes_both_answers(client, fake):
    session = open_session(client)
    ask = f"{session.url}/authenticate"
    assert fetch(ask)[0] == 303
    assert choose(session, cards.AUTHENTICATE)[:2] == (303, urlsplit(ask).path)
    status, _, text = fetch(ask)
    assert (status, "Leave without an answer" in text) == (200, True)
    assert fetch(ask, "POST", "outcome=fail")[0] == 402
    choose(session, cards.AUTHENTICATE)
    assert fetch(ask, "POST", "outcome=complete")[1] == f"http://shop.test/done/?session={session.id}"
    assert fake.control.charged("A1")["captured"] == 4999


def test_a_delayed_method_leads_back_before_the_money_is_there(client, fake):
    session = open_session(client)
    assert choose(session, cards.DELAYED)[0] == 303
    assert fake.control.charged("A1")["captured"] == 0


def test_an_expired_page_says_so(client, fake):
    session = open_session(client)
    fake.control.expire(session.id)
    status, _, text = choose(session, cards.SUCCESS)
    assert (status, "http://shop.test/back/" in text) == (410, True)
    assert fake.control.audit() == []


def test_a_page_without_a_way_back_shows_none(client, fake):
    params = {"currency": "jpy", "unit_amount": 500, "product_data": {"name": "A lamp"}}
    body = {"mode": "payment", "success_url": "http://shop.test/", "line_items": [{"price_data": params}]}
    session = client.v1.checkout.sessions.create(body)
    assert "500 JPY" in fetch(session.url)[2]
    assert "Back" not in fetch(session.url)[2]
    choose(session, cards.AUTHENTICATE)
    assert "Leave" not in fetch(f"{session.url}/authenticate")[2]
    fake.control.expire(session.id)
    assert "Back" not in fetch(session.url)[2]


def test_other_pages_do_not_exist_and_the_style_does(fake, client):
    assert fetch(f"{fake.url}/c/pay/cs_test_none")[0] == 404
    assert fetch(f"{open_session(client).url}/other")[0] == 404
    assert fetch(f"{fake.url}/_fake/page.css")[0] == 200


# The control address


def order(fake, action, *args, **arguments):
    body = json.dumps({"args": args, **arguments})
    status, _, text = fetch(f"{fake.url}/_fake/{action}", "POST", body)
    return status, json.loads(text)


def test_everything_can_be_driven_with_curl(client, fake):
    session = open_session(client)
    assert order(fake, "pay", session.id, card=cards.DELAYED)[1]["result"]["status"] == "processing"
    assert order(fake, "settle", session.id)[1]["result"]["status"] == "succeeded"
    assert order(fake, "fault", "status", on="POST *")[0] == 200
    with pytest.raises(sdk.APIError):
        open_session(client)
    assert order(fake, "charged", "A1")[1]["result"] == {"charges": 1, "captured": 4999, "refunded": 0}
    assert json.loads(fetch(f"{fake.url}/_fake/audit")[2])["result"][0]["metadata"] == {"order": "A1"}
    assert order(fake, "reset")[1] == {"result": None}
    assert fake.control.audit() == []


@pytest.mark.parametrize(
    ("action", "arguments", "status"),
    [
        ("", {}, 200),
        ("__init__", {}, 404),
        ("pay", {"session": "cs_test_none"}, 404),
        ("pay", {"surprise": 1}, 400),
        ("advance", {"seconds": -1}, 400),
        ("fault", {"kind": "flood"}, 400),
        ("alter", {"target": "pi_none"}, 400),
    ],
)
def test_a_wrong_order_is_answered_with_what_there_is(fake, action, arguments, status):
    got, body = order(fake, action, **arguments)
    assert got == status
    assert body.get("actions") or body["error"]["message"]


# Many at once


def test_twenty_clients_with_one_key_make_one_session(fake):
    def attempt(_):
        try:
            return open_session(client_of(fake), key="order-1-pay-1").id
        except sdk.APIError as error:
            assert error.http_status == 409
            return None

    with ThreadPoolExecutor(20) as pool:
        ids = set(pool.map(attempt, range(20))) - {None}
    assert ids == {row["id"] for row in fake.control.objects("checkout.session")}
    assert len(ids) == 1


def test_twenty_refunds_at_once_never_give_back_too_much(client, fake):
    intent = paid_intent(client, fake)

    def attempt(_):
        try:
            return client_of(fake).v1.refunds.create({"payment_intent": intent.id, "amount": 1000}).amount
        except sdk.InvalidRequestError:
            return 0

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(attempt, range(20))) == 4000
    assert fake.control.charged("A1") == {"charges": 1, "captured": 4999, "refunded": 4000}


def test_twenty_payers_of_one_session_pay_once(client, fake):
    session = open_session(client)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: choose(session, cards.SUCCESS)[0], range(20)))
    assert sorted(answers) == [200] * 19 + [303]
    assert fake.control.charged("A1")["charges"] == 1


# The command


def test_the_command_serves_until_it_is_told_to_stop(capsys):
    until = threading.Event()
    until.set()
    assert main(["--port", "0", "--webhook", "http://127.0.0.1:9/", "--secret", "a", "--secret", "b"], until=until) == 0
    assert "The fake Stripe is at http://127.0.0.1:" in capsys.readouterr().out


def test_a_taken_port_is_one_sentence(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["--port", str(taken.getsockname()[1])]) == 1
    assert capsys.readouterr().out.endswith("is taken. Choose another with --port.\n")


def test_ctrl_c_ends_it_in_peace(capsys):
    class Impatient(threading.Event):
        def wait(self, timeout=None):
            raise KeyboardInterrupt

    assert main(["--port", "0"], until=Impatient()) == 0
    assert capsys.readouterr().out.endswith("Stopped.\n")


def test_the_package_is_the_command(monkeypatch, capsys):
    monkeypatch.delitem(sys.modules, "apps.payments.fake_stripe.__main__")
    monkeypatch.setattr(sys, "argv", ["stripe-fake", "--help"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("apps.payments.fake_stripe", run_name="__main__")
    assert ended.value.code == 0
    assert "--webhook" in capsys.readouterr().out


def test_a_line_that_is_cut_already_is_cut(fake):
    connection = socket.socket()
    hang_up(connection)
    connection.close()
    hang_up(connection)
    assert list(client_of(fake).v1.events.list().data) == []


@pytest.mark.parametrize(("mistake", "told"), [(KeyError, True), (BrokenPipeError, False)])
def test_a_mistake_of_the_fake_is_told_and_a_client_that_has_gone_is_not(fake, monkeypatch, capsys, mistake, told):
    def answer(call):
        raise mistake

    monkeypatch.setattr(fake.api, "answer", answer)
    with pytest.raises(sdk.APIConnectionError):
        client_of(fake).v1.events.list()
    assert ("Traceback" in capsys.readouterr().err) is told


def test_it_listens_on_the_loopback_only(fake):
    assert fake._server.server_address[0] == "127.0.0.1"


def test_it_knows_nothing_of_the_shop():
    folder = Path(fake_stripe.__file__).parent
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.startswith("apps.payments.fake_stripe") or name.partition(".")[0] in sys.stdlib_module_names
    loaded = "import sys, apps.payments.fake_stripe; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], cwd=folder.parents[2]).returncode == 0
