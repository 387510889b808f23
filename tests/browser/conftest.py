"""A Chromium in front of a shop that runs as a deploy does, with the demo in it."""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe

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
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Collected in the page itself: a violation is an event, not always a line in the console.
WATCH = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.__violations.push(event.violatedDirective + " " + event.blockedURI));
"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not CHROMIUM:
        pytest.exit("No Chromium found: install Debian's `chromium`, or set CHROMIUM to one.", returncode=1)
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def shop():
    with ShopServer(fresh_database("sqlite")) as server:
        yield server


@pytest.fixture(scope="session")
def base_url(shop):
    return shop.url


@pytest.fixture
def troubles():
    """Console errors and CSP violations of every page of the test; a test fails if any are left at its end."""
    return []


@pytest.fixture
def watched(troubles):
    """Watch a context: `watched(context)`."""

    def watch(context):
        context.add_init_script(WATCH)
        context.on("page", lambda page: listen(page, troubles))
        return context

    yield watch
    assert troubles == []


def listen(page, troubles):
    page.on("console", lambda message: message.type == "error" and troubles.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))


@pytest.fixture
def context(context, watched):
    return watched(context)


def violations(page):
    return page.evaluate("window.__violations || []")


def accessibility_findings(page):
    """What axe finds against WCAG 2.2 AA, one line per element."""
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG_22_AA}}).response
    return [
        f"{finding['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
        for finding in results["violations"]
        for node in finding["nodes"]
    ]


def assert_clean(page):
    """No CSP violation, nothing for axe; console errors are counted by `troubles`."""
    assert violations(page) == []
    assert accessibility_findings(page) == []
