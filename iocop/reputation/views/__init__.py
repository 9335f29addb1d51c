"""The pages of standing: why, whom to ask, what looked irregular."""

from flask import Blueprint

reputation = Blueprint("reputation", __name__)
