"""What is not as docs/ballot-protocol.md has it; each refusal bears a code that programs and tests compare."""

from __future__ import annotations


class Refused(ValueError):
    """Something that claims to belong to an election does not.

    Attributes:
        reason: one lower-case word; the page, the log and the verifier choose their own sentence by it.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
