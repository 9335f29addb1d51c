"""What the worker does for the index beside its beats: attached files are read, and deleted words go by night."""

from __future__ import annotations

from iocop.core import jobs
from iocop.search import file_texts, indexer, missed
from iocop.search.port import EngineDown


@jobs.periodic(minute="29", hour="2")
def forget_deleted() -> None:
    """Drop the words of erased and removed texts from the index's files, where a deletion alone leaves them."""
    try:
        for _ in indexer.engine().forget_deleted():
            pass
    except EngineDown:
        return  # the worker builds a new one, of what is there


@jobs.periodic()
def read_files() -> None:
    """Read the words of files attached since the last minute; until then they are found by their names."""
    file_texts.read_files()


@jobs.periodic(minute="3")
def forget_what_passed() -> None:
    """Throw away last week's key of missed searches, and what was kept for no longer."""
    missed.forget_old()
