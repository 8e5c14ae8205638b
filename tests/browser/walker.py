"""Somebody who walks through the site: with a mouse or by keyboard alone, in one of its languages."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

_MIDDLE = """
link => {
  const [widest] = [...link.getClientRects()].sort((one, other) => other.width - one.width);
  return [widest.x + widest.width / 2, widest.y + widest.height / 2];
}
"""
"""Where a link is surely hit: the middle of one that runs over two lines may lie beside it."""


@dataclass
class Walker:
    """Who walks: `start` is the address of the site, with the path that it may be below."""

    page: Page
    start: str
    language: str
    by_keyboard: bool = False

    def say(self, spanish: str, english: str) -> str:
        """The words in the language of who walks."""
        return spanish if self.language == "es" else english

    def begin(self) -> None:
        self.page.goto(f"{self.start}/{self.language}/")

    def link(self, name: str, within: str = "main") -> Locator:
        """The first link whose text holds this name."""
        return self.page.locator(within).get_by_role("link", name=name).first

    def follow(self, link: Locator) -> None:
        """Go where a link or a button leads."""
        expect(link).to_be_visible()
        if self.by_keyboard:
            self.reach(link)
            self.page.keyboard.press("Enter")
        else:
            link.scroll_into_view_if_needed()
            self.page.mouse.click(*link.evaluate(_MIDDLE))

    def write(self, field: Locator, text: str) -> None:
        if self.by_keyboard:
            self.reach(field)
        else:
            field.click()
        self.page.keyboard.type(text, delay=2)

    def choose(self, menu: Locator, label: str) -> None:
        if self.by_keyboard:
            self.reach(menu)
            self.page.keyboard.type(label)
        else:
            (wanted,) = [text for text in menu.locator("option").all_inner_texts() if text.startswith(label)]
            menu.select_option(label=wanted)

    def reach(self, target: Locator) -> None:
        """Press Tab until the target has the focus, which it has to show."""
        for _ in range(900):  # more presses than any page has stops
            if target.evaluate("e => e === document.activeElement || e.contains(document.activeElement)"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")
