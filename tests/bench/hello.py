"""A bare Flask application that returns a string of 20 KB: the measure of every page."""

from flask import Flask

app = Flask("hello")
TEXT = "<p>Hello</p>" * 1700


@app.get("/")
def hello() -> str:
    return TEXT


@app.get("/healthz")
def healthz() -> str:
    return "alive"
