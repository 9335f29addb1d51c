"""The same articles as pages that any browser opens from the folder: no scripts, nothing from elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from flask import current_app, render_template
from markupsafe import Markup

from iocop.core.site import site
from iocop.repertoire.contents import as_page, stable
from iocop.repertoire.kinds import KINDS
from iocop.repertoire.titles import key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from iocop.imports.folders.files import Head
    from iocop.imports.folders.gathering import Gathered

_LINK = re.compile(r' href="(/[^"]*)"')
_IMAGE = re.compile(r'<img(?![^>]* src="\.\./files/)[^>]*? alt="([^"]*)"[^>]*>')
STYLE = """body { max-inline-size: 46rem; margin: 2rem auto; padding: 0 1rem; font: 1.05rem/1.6 system-ui, sans-serif }
table { border-collapse: collapse } td, th { border: 1px solid; padding: .2rem .5rem } pre { overflow-x: auto }
dt { font-weight: 600 } footer, .facts { font-size: .9rem }
@media (prefers-color-scheme: dark) { body { background: #16181c; color: #e6e6e6 } a { color: #8ab4f8 } }
"""


class Listed:
    """What the lists say of an article; its text is written by then."""

    def __init__(self, article: Gathered) -> None:
        self.name, self.title = article.name, article.head["title"]
        self.kind, self.summary = article.head["kind"], article.head["summary"]
        self.domains, self.aliases = article.head["domains"], article.head["aliases"]


def write_article(
    folder: Path, article: Gathered, names: Mapping[str, str], people: Mapping[int, Head]
) -> None:
    """One page.

    Args:
        names: of files, by the key of each title that leads to one.
    """
    text = as_page(stable(_led(article.html, names)))
    html = render_template(
        "export/article.html", site_name=site().name, article=article, kind=KINDS[article.head["kind"]],
        people=people, body=Markup(text),  # noqa: S704 -- sanitised when it was written
    )  # fmt: skip
    _write(folder / f"{article.name}.html", html)


def write_lists(folder: Path, articles: Sequence[Listed], domains: Mapping[str, Head]) -> None:
    """The index by domain and kind, the glossary, and how all looks."""
    groups = [
        (
            domain["name"],
            [
                (kind.section, some)
                for kind in KINDS.values()
                if (some := [each for each in articles if slug in each.domains and each.kind == kind.key])
            ],
        )
        for slug, domain in sorted(domains.items())
    ]
    terms = [each for each in articles if each.kind == "term"]
    _write(folder / "index.html", render_template("export/index.html", site_name=site().name, groups=groups))
    _write(
        folder / "glossary.html", render_template("export/glossary.html", site_name=site().name, terms=terms)
    )
    _write(folder / "style.css", STYLE)


def names_of(articles: Sequence[Listed]) -> dict[str, str]:
    """The file each title leads to."""
    also = {key(alias): each.name for each in articles for alias in each.aliases}
    return also | {key(each.title): each.name for each in reversed(articles)}


def _led(html: str, names: Mapping[str, str]) -> str:
    """Links between articles lead from file to file, others to the site; pictures from elsewhere are named only."""
    base = current_app.extensions["settings"].base_url.rstrip("/")

    def lead(match: re.Match[str]) -> str:
        path = match[1]
        if not path.startswith("/wiki/"):
            return f' href="{base}{path}"'
        title, _, section = path.removeprefix("/wiki/").partition("#")
        name = names.get(key(unquote(title)))
        return f' href="{name}.html{"#" + section if section else ""}"' if name else ""

    return _IMAGE.sub(r"(\1)", _LINK.sub(lead, html))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
