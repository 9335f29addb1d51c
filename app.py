"""The application as gunicorn and flask find it: ``gunicorn app:app``, ``flask --app app``."""

from iocop import create_app

app = create_app()
