"""Large ballot files, made in a moment: ``python -m tests.elections.counting.large 1000000`` prints one."""

from __future__ import annotations

import random
import sys


def file_of(ballots: int, *, candidates: int, seats: int) -> bytes:
    """Return a file of ballots that rank all candidates, each its own way."""
    draw = random.Random(2011)
    numbers = [str(number) for number in range(1, candidates + 1)]
    lines = [f"{candidates} {seats}"]
    for _ in range(ballots):
        draw.shuffle(numbers)
        lines.append(f"1 {' '.join(numbers)} 0")
    lines += ["0", *(f'"Candidate {number}"' for number in range(1, candidates + 1)), '"Large"', ""]
    return "\n".join(lines).encode()


if __name__ == "__main__":
    sys.stdout.buffer.write(file_of(int(sys.argv[1]), candidates=20, seats=7))
