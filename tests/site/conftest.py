"""Every test of the whole site begins without an index."""

from tests.search.conftest import no_index

__all__ = ["no_index"]
