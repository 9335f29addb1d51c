"""Is a page, as the browser shows it, accessible by WCAG 2.2 A and AA as far as axe-core can judge?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of these levels whose answer depends on the theme."""
RUN = "only => axe.run(document, {runOnly: only, resultTypes: ['violations']})"


def violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe-core finds, one line an element: "rule: selector: what to mend".

    axe-core goes in past the page's content security policy, so the page is judged as it is served.

    Args:
        rules: ask these alone; without any, all of the levels.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": LEVELS}
    results = page.evaluate(RUN, only)
    return [
        f"{violation['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]
