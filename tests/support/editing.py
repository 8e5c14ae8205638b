"""Actions in the query editor of the workbench."""

from playwright.sync_api import Locator, Page, expect


def type_in(page: Page, query: str) -> None:
    """Replace the content of the editor with this query."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def write_in(page: Page, query: str) -> None:
    """Type a query key by key, so that completions appear."""
    type_in(page, "")
    page.keyboard.press("Delete")
    page.keyboard.type(query, delay=15)


def query_in(page: Page) -> str:
    text: str = page.locator("#query").evaluate("area => area.value")
    return text


def proposed(page: Page) -> Locator:
    """Return the list of completions."""
    return page.locator(".cm-tooltip-autocomplete li")


def take(page: Page, shown: str) -> None:
    """Accept the first completion with Enter. The editor ignores keys for a moment after completions appear."""
    expect(proposed(page).first).to_contain_text(shown, timeout=20_000)
    page.wait_for_timeout(200)
    page.keyboard.press("Enter")
    expect(proposed(page)).to_have_count(0)
