"""The editor of the workbench, as tests write in it."""

from playwright.sync_api import Locator, Page, expect


def type_in(page: Page, query: str) -> None:
    """Have this query in the editor, and no other."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def write_in(page: Page, query: str) -> None:
    """Type key by key, so that names are proposed."""
    type_in(page, "")
    page.keyboard.press("Delete")
    page.keyboard.type(query, delay=15)


def query_in(page: Page) -> str:
    """The query in the editor."""
    text: str = page.locator("#query").evaluate("area => area.value")
    return text


def proposed(page: Page) -> Locator:
    """What the editor proposes."""
    return page.locator(".cm-tooltip-autocomplete li")


def take(page: Page, shown: str) -> None:
    """Take the first proposal with Enter; the editor minds no key that comes as soon as the proposals do."""
    expect(proposed(page).first).to_contain_text(shown, timeout=20_000)
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    expect(proposed(page)).to_have_count(0)
