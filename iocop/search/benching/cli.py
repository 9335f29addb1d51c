"""`iocop bench …`: measure on data of one's own."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask_babel import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iocop.core.settings import Settings
    from iocop.search.benching.collection import Collection
    from iocop.search.benching.engines import Lent
    from iocop.search.benching.running import Bench, Figures

ENGINES = ("whoosh", "postgresql")


@click.group
def bench() -> None:
    """Measure on data of your own."""


@bench.command
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--engine", type=click.Choice(ENGINES), help="By default the site's own (SEARCH_ENGINE).")
@click.option("--language", default="en", help="The code of the language of texts that do not tell it.")
@click.option(
    "--json", "output", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures there too."
)
def search(folder: Path, engine: str | None, language: str, output: Path | None) -> None:
    """Say how well and how quickly search finds what is judged in FOLDER: queries.json with docs.json or posts.jsonl.

    Every query goes through the site's own parser, plan, engine and folding, in an index that is gone afterwards.
    """
    settings: Settings = current_app.extensions["settings"]
    engine = engine or settings.search_engine
    with _said_plainly():
        from iocop.search.benching import collection, engines

        read = collection.read(folder)
        with engines.lent(engine, settings.database) as lent:
            done = _taken_through(read, lent, language)
    _report(done, lent, engine, output)


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn what is wrong with the collection or the engine into one line and exit 1."""
    from iocop.search.benching.collection import BadCollectionError
    from iocop.search.benching.engines import NoDatabaseError

    try:
        yield
    except (BadCollectionError, NoDatabaseError) as error:
        raise click.ClickException(str(error)) from error


def _taken_through(collection: Collection, lent: Lent, language: str) -> Bench:
    """Index and ask, with a bar for each."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from iocop.search.benching.running import Bench

    bench = Bench(collection, lent.engine, language, lent.cpu)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True)) as progress:
        for words, steps, total in (
            (_("Indexing"), bench.index(), len(collection.texts)),
            (_("Asking"), bench.ask(), 2 * len(collection.queries)),
        ):
            task = progress.add_task(words, total=total)
            for taken in steps:
                progress.update(task, completed=taken)
    return bench


def _report(done: Bench, lent: Lent, engine: str, output: Path | None) -> None:
    from iocop.search.benching.running import figures

    found = figures(done)
    for line in _lines(done, found, lent, engine):
        click.echo(line)
    if output is not None:
        try:
            output.write_text(json.dumps(_as_dict(done, found, engine), indent=1) + "\n", "utf-8")
        except OSError as error:
            raise click.ClickException(
                _("%(file)s cannot be written: %(error)s.", file=output, error=error)
            ) from error


def _lines(done: Bench, found: Figures, lent: Lent, engine: str) -> Iterator[str]:
    collection = done.collection
    yield _(
        "%(name)s on %(engine)s: %(texts)s texts, %(queries)s queries, %(judged)s of them with an answer",
        name=collection.name, engine=engine, texts=len(collection.texts), queries=len(collection.queries),
        judged=found.judged,
    )  # fmt: skip
    yield f"nDCG@10     {found.ndcg:.4f}"
    yield f"MRR@10      {found.mrr:.4f}"
    yield f"recall@100  {found.recall:.4f}"
    again, first = (f"p50 {some[0]:.2f} ms, p95 {some[1]:.2f} ms" for some in (found.again, found.first))
    yield _("CPU a query %(again)s; when first asked %(first)s", again=again, first=first)
    if not lent.whole:
        yield _("The database runs elsewhere: its CPU is not counted.")


def _as_dict(done: Bench, found: Figures, engine: str) -> dict[str, Any]:
    collection = done.collection
    return {
        "collection": collection.name, "engine": engine, "texts": len(collection.texts),
        "queries": len(collection.queries), **found.as_dict(),
        "results": {answer.key: list(answer.ranked) for answer in done.answers},
    }  # fmt: skip
