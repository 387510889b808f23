"""A Chromium in front of a shop that runs as a deploy does, with the demo in it."""

import json
import os
import shutil

import pytest

from tests.browser.looking import Watch
from tests.support.databases import fresh_database
from tests.support.server import ShopServer

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not CHROMIUM:
        pytest.exit("No Chromium found: install Debian's `chromium`, or set CHROMIUM to one.", returncode=1)
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    mails = tmp_path_factory.mktemp("mails")
    database = fresh_database("sqlite", "--seed", "1")
    with ShopServer(database, settings="tests.browser.settings", TRIAL_MAIL=str(mails)) as server:
        yield server


@pytest.fixture(scope="session")
def base_url(shop):
    return shop.url


@pytest.fixture(scope="session")
def world(shop):
    """People, orders and links to look at; see `world.py`."""
    told = shop.manage("shell", "-v0", "-c", "from tests.browser.world import build; build()").stdout
    return json.loads(told.split("WORLD ", 1)[1])


@pytest.fixture(scope="session")
def new_page(browser, shop):
    """Make a page in a browser of its own: `new_page(session=…, guest_key=…)`, everything watched."""
    contexts = []

    def make(*, session="", guest_key="", **options):
        options = {"reduced_motion": "reduce", "viewport": {"width": 1440, "height": 900}, **options}
        context = browser.new_context(base_url=shop.url, **options)
        context.set_default_timeout(20_000)
        cookies = {"sessionid": session, "stoa_guest": guest_key}
        context.add_cookies(
            [{"name": name, "value": value, "url": shop.url} for name, value in cookies.items() if value]
        )
        contexts.append(context)
        page = context.new_page()
        page.watch = Watch(page)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    """A stranger's browser; what it complains about fails the test."""
    page = new_page()
    yield page
    page.watch.assert_quiet()
    page.context.close()


@pytest.fixture(scope="session")
def page_of(new_page, world):
    """One browser for each role, kept for the whole run: `page_of("customer")`."""
    pages = {}

    def find(role):
        if role not in pages:
            known = {"guest_key": world["guest_key"]} if role == "guest" else {}
            pages[role] = new_page(session=world["session"].get(role, ""), **known)
        return pages[role]

    return find
