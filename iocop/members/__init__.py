"""People who take part: sign-in, sessions, profile, privacy, their own data. (Facet: identity)"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    from iocop.core.login import manager
    from iocop.members import choices, cli, jobs, models, services, slots, views  # noqa: F401 -- some register themselves
    from iocop.members.numbers import shown
    from iocop.members.services.sessions import ABSOLUTE
    from iocop.members.settings_pages import settings_pages

    manager.user_loader(services.viewer_with)
    app.permanent_session_lifetime = ABSOLUTE  # the cookie outlives no session, nor dies before it
    app.url_map.converters["member_number"] = views.MemberNumber
    app.register_blueprint(views.members)
    app.cli.add_command(cli.members)
    app.jinja_env.globals["settings_pages"] = settings_pages
    app.jinja_env.filters.update(
        member_number=shown, country_name=choices.country_name, language_name=choices.language_name
    )
