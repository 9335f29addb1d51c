"""The repertoire's pages; one module a kind of page."""

from flask import Blueprint

repertoire = Blueprint("repertoire", __name__)
