"""The languages a contribution can be written in, each by its own name: pure."""

LANGUAGES = (
    ("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("pt", "Português"), ("es", "Español"),
    ("it", "Italiano"), ("nl", "Nederlands"), ("sv", "Svenska"), ("da", "Dansk"), ("nb", "Norsk"), ("fi", "Suomi"),
)  # fmt: skip
