from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from iocop.elections import sealing


def test_sealing_stands_on_its_own_without_the_site() -> None:
    modules = sorted(
        f"iocop.elections.sealing.{file.stem}" for file in Path(sealing.__path__[0]).glob("[a-z]*.py")
    )
    program = f"import sys, {', '.join(modules)}\nprint(*sys.modules)"

    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()

    assert "cryptography" in loaded
    assert not {"flask", "sqlalchemy", "iocop.core"} & set(loaded)
