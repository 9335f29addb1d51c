"""What the worker does for the index by night."""

from __future__ import annotations

from iocop.core import jobs
from iocop.search import indexer
from iocop.search.port import EngineDown


@jobs.periodic(minute="29", hour="2")
def forget_deleted() -> None:
    """Drop the words of erased and removed texts from the index's files, where a deletion alone leaves them."""
    try:
        for _ in indexer.engine().forget_deleted():
            pass
    except EngineDown:
        return  # the worker builds a new one, of what is there
