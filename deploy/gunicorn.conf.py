"""How the web workers run: `gunicorn --config deploy/gunicorn.conf.py app:app`.

Anything else can be said in GUNICORN_CMD_ARGS; the access log, for one, with `--access-logfile -`.
"""

from __future__ import annotations

import gc
import json
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from babel.dates import format_datetime
from gunicorn.glogging import Logger
from gunicorn.http import message

from iocop.core.language import LOCALES
from iocop.core.serve import begin
from iocop.core.settings import ROOT, Settings

if TYPE_CHECKING:
    from datetime import timedelta

SILENT = ("/elections/", "/booth")  # a line with a time would tell who cast which ballot


class JsonLines(Logger):  # type: ignore[misc]  # gunicorn is untyped
    """Writes the access log as one JSON object a line, without addresses and query strings."""

    def access(self, resp: Any, _: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        if not self.access_log_enabled or environ["PATH_INFO"].startswith(SILENT):
            return
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": environ["REQUEST_METHOD"],
            "path": environ["PATH_INFO"],
            "status": resp.status_code,
            "bytes": resp.sent,
            "milliseconds": round(request_time.total_seconds() * 1000, 1),
        }
        self.access_log.info("%s", json.dumps(line))


_settings = Settings.from_environment()

chdir = str(ROOT)
wsgi_app = "app:app"
bind = _settings.bind
worker_class = "gthread"
workers = _settings.workers
threads = _settings.threads
preload_app = True  # workers share the code in memory; making the application opens no connection
timeout = 60  # seconds a worker may be silent before it is replaced
graceful_timeout = 12  # seconds running requests get when the site stops; `iocop serve` kills after 15
keepalive = 5  # seconds; longer than nginx pauses between two requests of one page
forwarded_allow_ips = ""  # the application itself reads X-Forwarded-*, as IOCOP_PROXIES says
# Bytes, more than gunicorn would grant: who pastes a whole text into the search box gets a page, not "URI Too Long".
limit_request_line = message.MAX_REQUEST_LINE = 2**17
control_socket_disable = True
logger_class = JsonLines
accesslog = None


def when_ready(server: Any) -> None:
    """Begin, load what every process would at its first page or search, and keep the collector from copying it."""
    begin(server.app.wsgi())
    import_module("iocop.search.whoosh_engine.engine")
    import_module("snowballstemmer")
    for locale in LOCALES:
        format_datetime(locale=locale)
    gc.collect()
    gc.freeze()
