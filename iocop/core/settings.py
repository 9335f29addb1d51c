"""Every setting, from the environment, in one typed table that `docs/configuration.md` shows."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT = Path(__file__).resolve().parents[2]
DEVELOPMENT_KEY = "development-only-key"
LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")


LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
TRANSPORTS = ("folder:", "smtp://", "smtps://")
ENGINES = ("whoosh", "postgresql")
COUNTS = ("workers", "threads", "upload_limit", "pepper_days")


class SettingsError(ValueError):
    """A setting that cannot be: the message names the variable and the mend."""


def _flag(text: str) -> bool:
    known = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if text.strip().lower() not in known:
        raise ValueError("say 1 or 0")
    return known[text.strip().lower()]


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip().lower().lstrip(".") for word in text.split(",") if word.strip())


def _setting(default: Any, variable: str, doc: str, parse: Callable[[str], Any] = str) -> Any:
    return field(default=default, metadata={"variable": variable, "doc": doc, "parse": parse})


@dataclass(frozen=True)
class Settings:
    """The site's settings; `from_environment` reads them, `check` refuses what cannot be."""

    env: str = _setting("development", "IOCOP_ENV", "`development` or `production`.")
    data_dir: Path = _setting(  # noqa: RUF009 -- a path is never changed
        ROOT / "var", "IOCOP_DATA_DIR", "Everything on disk but the database named below lies here.", Path
    )
    database_url: str = _setting("", "DATABASE_URL", "SQLAlchemy address; empty: SQLite in the data folder.")
    base_url: str = _setting(
        "http://127.0.0.1:8000", "IOCOP_BASE_URL", "The site's address, as members type it."
    )
    secret_key: str = _setting(
        DEVELOPMENT_KEY, "IOCOP_SECRET_KEY", "Signs cookies and links; 32 characters or more."
    )
    proxies: int = _setting(0, "IOCOP_PROXIES", "How many trusted proxies stand before the site.", int)
    bind: str = _setting("127.0.0.1:8000", "IOCOP_BIND", "Where the web workers listen.")
    workers: int = _setting(2, "IOCOP_WORKERS", "Web worker processes.", int)
    threads: int = _setting(4, "IOCOP_THREADS", "Threads a web worker.", int)
    redis_url: str = _setting("", "REDIS_URL", "Jobs, cache and rate limits over Redis; empty: embedded.")
    search_engine: str = _setting(
        "whoosh",
        "SEARCH_ENGINE",
        "`whoosh`: files in the data folder; `postgresql`: tables of the site's database, which then is PostgreSQL."
        " After a change: `iocop search rebuild`.",
    )
    mail_url: str = _setting(
        "folder:",
        "IOCOP_MAIL_URL",
        "`folder:` writes mail into the data folder; `smtp://user:password@host:port`, with STARTTLS where the server"
        " offers it and is not on loopback; `smtps://…`.",
    )
    mail_from: str = _setting("iocop@localhost", "IOCOP_MAIL_FROM", "Sender of the site's mail.")
    log_level: str = _setting("INFO", "IOCOP_LOG_LEVEL", "Least level that is logged.")
    demo: bool = _setting(False, "IOCOP_DEMO", "Demo sign-in and banner; only on loopback.", _flag)
    upload_limit: int = _setting(10 * 2**20, "IOCOP_UPLOAD_LIMIT", "Largest attachment, in bytes.", int)
    upload_types: tuple[str, ...] = _setting(
        ("png", "jpg", "jpeg", "gif", "webp", "pdf", "txt", "csv", "md", "log", "json", "zip", "dwg", "dxf", "lsp",
         "docx", "xlsx", "pptx", "odt", "ods", "c", "cfg", "cpp", "cs", "h", "ini", "java", "py", "rst", "scl", "sql",
         "st", "tex", "toml", "ts", "xml", "yaml", "yml"),
        "IOCOP_UPLOAD_TYPES", "File extensions members may attach, comma-separated.", _words,
    )  # fmt: skip
    storage_url: str = _setting(
        "", "IOCOP_STORAGE_URL", "Attachments: an fsspec address; empty: the data folder."
    )
    ballot_box_url: str = _setting(
        "",
        "IOCOP_BALLOT_BOX_URL",
        "Where sealed ballots lie, apart from everything else: empty, a file an election in the data folder;"
        " else the address of a PostgreSQL cluster of its own, without replica and WAL archive.",
    )
    pepper_days: int = _setting(
        90, "IOCOP_LOG_KEY_DAYS", "Days after which logged address hashes lose their key.", int
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ, **overrides: Any) -> Settings:
        """Read the settings; *overrides* stand before the environment.

        Raises:
            SettingsError: a value that does not parse or may not be.
        """
        given = dict(overrides)
        for item in fields(cls):
            text = environment.get(item.metadata["variable"])
            if item.name in given or text is None or text == "":
                continue
            try:
                given[item.name] = item.metadata["parse"](text)
            except ValueError as error:
                raise SettingsError(f"{item.metadata['variable']}={text!r}: {error}") from error
        settings = cls(**given)
        settings.check()
        return settings

    def check(self) -> None:
        """Refuse combinations that would be unsafe.

        Raises:
            SettingsError: naming the variable and the mend.
        """
        for name, right, words in (
            ("env", self.env in {"development", "production"}, "development or production"),
            ("log_level", self.log_level.upper() in LEVELS, ", ".join(LEVELS)),
            ("mail_url", self.mail_url.startswith(TRANSPORTS), ", ".join(TRANSPORTS)),
            ("search_engine", self.search_engine in ENGINES, " or ".join(ENGINES)),
            ("proxies", self.proxies >= 0, "0 or more"),
            *((name, getattr(self, name) >= 1, "1 or more") for name in COUNTS),
        ):
            if not right:
                raise SettingsError(f"{variable(name)}={getattr(self, name)!r}: say {words}")
        if self.search_engine == "postgresql" and not self.database.startswith("postgresql"):
            raise SettingsError(
                "SEARCH_ENGINE='postgresql': it searches in the site's own database, so DATABASE_URL must be"
                " PostgreSQL's; otherwise say whoosh"
            )
        self._check_safety()

    def _check_safety(self) -> None:
        if self.production and (self.secret_key == DEVELOPMENT_KEY or len(self.secret_key) < 32):
            raise SettingsError(
                "IOCOP_SECRET_KEY: production needs a key of its own, 32 characters or more; make one with"
                ' python3 -c "import secrets; print(secrets.token_hex(32))"'
            )
        if not self.https and not self.loopback:
            raise SettingsError(f"IOCOP_BASE_URL={self.base_url!r}: anything but loopback must be https")
        if self.demo and not self.loopback:
            raise SettingsError("IOCOP_DEMO: demo sign-in is for loopback addresses only")

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def loopback(self) -> bool:
        return any(
            self.base_url == start or self.base_url.startswith((start + ":", start + "/"))
            for start in LOOPBACK
        )

    @property
    def database(self) -> str:
        """The database's address: the one given, or SQLite in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'iocop.db'}"

    def folder(self, name: str) -> Path:
        """Return a folder of the data folder, made on first use."""
        path = self.data_dir / name
        path.mkdir(parents=True, exist_ok=True)
        return path


def variable(name: str) -> str:
    """Return the environment's name of a setting."""
    return next(str(item.metadata["variable"]) for item in fields(Settings) if item.name == name)


def as_markdown() -> str:
    """Write the table of `docs/configuration.md`."""
    lines = ["| variable | default | meaning |", "|---|---|---|"]
    for item in fields(Settings):
        default = item.default
        shown = ", ".join(default) if isinstance(default, tuple) else str(default)
        shown = shown.replace(str(ROOT) + "/", "")
        lines.append(f"| `{item.metadata['variable']}` | `{shown or 'empty'}` | {item.metadata['doc']} |")
    return "\n".join(lines) + "\n"
