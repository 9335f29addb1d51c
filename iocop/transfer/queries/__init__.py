"""What a pack is made of, read in a constant number of statements."""

from iocop.transfer.queries.material import material
from iocop.transfer.queries.pictures import pictures

__all__ = ["material", "pictures"]
