"""The labelling manual in a real browser: found from Home, both languages, dark and light, every picture loaded."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from inference.anatomy.regions import REGION_IDS
from tests.browser import workbench_steps as steps
from tests.browser.conftest import ROOT
from tests.soak.web_site import WebSite

pytestmark = [pytest.mark.browser]

AXE: Path = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
LATEST_TOP_PX = 160
"""A section that was asked for by its anchor stands at the top, below the page's head."""


def test_the_manual_is_found_from_home_and_opens_beside_it(application: WebSite, page: Page) -> None:
    steps.sign_in(page, application.url, "labeller")
    with page.context.expect_page() as opened:
        page.locator(".card").get_by_role("link", name="Labelling manual").click()
    expect(opened.value.get_by_role("heading", level=1, name="Labelling manual")).to_be_visible()


@pytest.mark.parametrize(("language", "title"), [("en", "Labelling manual"), ("zh-Hans", "标注手册")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page(application: WebSite, chromium: Browser, language: str, title: str, scheme: str) -> None:
    context = chromium.new_context(viewport={"width": 1024, "height": 768}, has_touch=True, bypass_csp=True)
    context.set_default_timeout(steps.PATIENCE_MS)
    context.add_init_script(f"localStorage.setItem('mantine-color-scheme-value', '{scheme}')")
    page = context.new_page()
    steps.sign_in(page, application.url, "labeller")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if page.evaluate("document.documentElement.lang") != language:
        # Kept with the account, which has the last word on the next page.
        with page.expect_response(lambda answer: answer.request.method == "PATCH" and answer.ok):
            page.locator(f"header [lang={language}]").click()
    page.goto(f"{application.url}/manual#dp4")
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    section = page.locator("#dp4")
    expect(section).to_be_focused()
    assert 0 <= (section.bounding_box() or {"y": -1})["y"] < LATEST_TOP_PX

    page.evaluate("document.querySelectorAll('.manual-text img').forEach((image) => { image.loading = 'eager'; })")
    loaded = "[...document.querySelectorAll('.manual-text img')].filter((image) => image.naturalWidth > 0).length"
    page.wait_for_function(f"{loaded} === document.querySelectorAll('.manual-text img').length")
    assert page.evaluate(loaded) > len(REGION_IDS)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.evaluate(AXE.read_text())
    violations = page.evaluate("axe.run().then(({ violations }) => violations.map(({ id }) => id))")
    assert violations == []
    context.close()
