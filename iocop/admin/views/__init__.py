"""The administrator's desk: every page asks the same policy first."""

from flask import Blueprint

from iocop.admin.policy import may_administer
from iocop.core.login import viewer
from iocop.core.policy import require

admin = Blueprint("admin", __name__, url_prefix="/admin")


@admin.before_request
def _at_the_desk() -> None:
    require(may_administer(viewer()))


from iocop.admin.views import domains, people, site, spaces  # noqa: E402, F401 -- their routes join the blueprint
