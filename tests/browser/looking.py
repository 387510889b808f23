"""What every page must hold: a quiet console, the CSP, WCAG 2.2 AA in both schemes, nothing wider than the window."""

import pytest
from axe_playwright_python.sync_playwright import Axe

AXE_SOURCE = Axe().axe_script
AXE_OPTIONS = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
# The dark scheme on a phone, the light one on a desktop: both layouts and both sets of colours in two runs.
LOOKS = [("light", 1440), ("dark", 390)]
WIDTHS = [320, 390, 1440, 1600]

# Collected in the page itself: a violation is an event, not always a line in the console.
COLLECT_VIOLATIONS = """
window.__violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.__violations.push(event.violatedDirective + " " + event.blockedURI));
"""
WIDEST = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return "";
  const wide = [...document.body.querySelectorAll("*")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && box.right > root.clientWidth + 1 && getComputedStyle(element).position !== "fixed";
  });
  return root.scrollWidth + " > " + root.clientWidth + ": " +
    wide.slice(0, 3).map((element) => element.tagName + "." + element.className).join(", ");
}"""


class Watch:
    """Console errors and uncaught exceptions of a page, since it was last asked."""

    def __init__(self, page):
        self.troubles = []
        page.context.add_init_script(COLLECT_VIOLATIONS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))

    def _hear(self, message):
        if message.type == "error":
            self.troubles.append(f"{message.location.get('url', '')}: {message.text}")

    def expect_status(self, status):
        """Chromium itself logs an answer of 400 and more; forget that one line of it for this status."""
        said = f"Failed to load resource: the server responded with a status of {status} "
        self.troubles = [trouble for trouble in self.troubles if said not in trouble]

    def assert_quiet(self):
        troubles, self.troubles = self.troubles, []
        assert_none(troubles)


def touch(page):
    """A sign of life, and the scripts that wait for one: the last of them has found the search box."""
    page.mouse.move(5, 5)
    page.locator('[data-suggest][role="combobox"]').first.wait_for(state="attached")
    page.wait_for_load_state("networkidle")


def assert_none(found):
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def accessibility_findings(page):
    """What axe finds against WCAG 2.2 AA, one line per element."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SOURCE)
    results = page.evaluate("options => axe.run(document, options)", AXE_OPTIONS)
    return [
        f"{finding['id']}: {node['target']} {node['html'][:150]} {node.get('failureSummary', '')[:200]}"
        for finding in results["violations"]
        for node in finding["nodes"]
    ]


def findings(page, *, looks=LOOKS, widths=WIDTHS):
    """Everything that is wrong with the page as it is now; an empty list if nothing is."""
    found = [f"CSP: {violation}" for violation in page.evaluate("window.__violations || []")]
    for scheme, width in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{scheme} at {width}: {finding}" for finding in accessibility_findings(page)]
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        if wide := page.evaluate(WIDEST):
            found.append(f"wider than {width}: {wide}")
    return found


def assert_clean(page, **options):
    assert_none(findings(page, **options))
    page.watch.assert_quiet()
