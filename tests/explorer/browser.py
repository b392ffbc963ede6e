"""A browser without a window, and what is asked of it: Debian's ``chromium`` with its ``chromium-driver``."""

import json
import os
import shutil
from pathlib import Path

import pytest

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --window-size=1200,900"
)


def start(profile):
    """A browser with a profile of its own; skips the test where there is none."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    driver = os.environ.get("CHROMEDRIVER") or shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("there is no chromium with its driver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in [*FLAGS.split(), f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=driver))


def axe_source():
    """The script of axe-core, from the package that brings it, or from the file that AXE_CORE names."""
    if "AXE_CORE" in os.environ:
        return Path(os.environ["AXE_CORE"]).read_text(encoding="utf-8")
    package = pytest.importorskip("axe_selenium_python", reason="axe-core is not installed")
    found = sorted(Path(package.__file__).parent.rglob("axe.min.js"))
    assert found, "axe-selenium-python came without axe.min.js"
    return found[0].read_text(encoding="utf-8")


class Opened:
    """A page in the browser."""

    def __init__(self, driver, path, page, hash=""):
        for log in ("browser", "performance"):
            driver.get_log(log)  # what was said before this page
        path.write_text(page if isinstance(page, str) else page.html, encoding="utf-8")
        driver.get("about:blank")
        driver.get(f"{path.as_uri()}{hash}")
        self.driver, self.path = driver, path

    def run(self, script, *args):
        """Run JavaScript, with ``set(id, value)`` for what a reader types or picks."""
        helper = """const set = (id, value) => {
            const field = document.getElementById(id);
            if (field.type === "checkbox") field.checked = value; else field.value = value;
            field.dispatchEvent(new Event("input", { bubbles: true }));
        };
        const text = (id) => document.getElementById(id).textContent;
        """
        return self.driver.execute_script(helper + script, *args)

    def text(self, id):
        """The text of an element."""
        return self.run("return text(arguments[0])", id)

    def totals(self):
        """The rows of the table of totals, as texts, without what is hidden."""
        return self.run(
            """return [...document.querySelectorAll("#totals tbody tr")].map(
                (row) => [...row.cells].filter((cell) => !cell.hidden).map((cell) => cell.textContent))"""
        )

    def texts(self, selector):
        """The texts of all elements that a selector finds."""
        return self.run("return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", selector)

    def pick(self, id, place):
        """Pick the choice that stands at a place of a list."""
        self.run("const e = document.getElementById(arguments[0]); set(e.id, e.options[arguments[1]].value)", id, place)

    def points(self, values):
        """The totals at many points: what stands in the fields, and what the table says then."""
        return self.run(
            """return arguments[0].map((point) => {
                point.forEach((value, i) => set(`knob-${i}`, value));
                return [...document.querySelectorAll("#totals tbody tr")].map((row) => row.cells[1].textContent);
            })""",
            values,
        )

    def said(self):
        """What the console says."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self):
        """The addresses that were asked for, the page's own left out."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        asked = [event["params"] for event in events if event["method"] == "Network.requestWillBeSent"]
        # The browser's own first tab may still be loading.
        pages = [one["request"]["url"] for one in asked if not one["documentURL"].startswith("chrome://")]
        return [url for url in pages if not url.startswith(self.path.as_uri())]

    def faults(self):
        """The serious accessibility faults that axe-core finds."""
        found = self.driver.execute_async_script(
            axe_source() + ";axe.run(document).then(arguments[arguments.length - 1])",
        )
        return [
            (fault["id"], node["html"])
            for fault in found["violations"]
            if fault["impact"] in ("serious", "critical")
            for node in fault["nodes"]
        ]

    def look(self, *, width=1200, dark=False):
        """Set the width of the window, and whether the reader likes it dark."""
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        liked = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [liked]})
