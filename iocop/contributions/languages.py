"""The languages a contribution can be written in, each by its own name: pure."""

from typing import Final

LANGUAGES = (
    ("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("pt", "Português"), ("es", "Español"),
    ("it", "Italiano"), ("nl", "Nederlands"), ("sv", "Svenska"), ("da", "Dansk"), ("nb", "Norsk"), ("fi", "Suomi"),
)  # fmt: skip
USUAL: Final = "en"


def first_known(*codes: str) -> str:
    """Return the first code that is one of these languages; where none is, the usual one."""
    return next((code for code in codes if code in dict(LANGUAGES)), USUAL)
