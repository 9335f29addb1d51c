"""What an administrator did to the site itself."""

from __future__ import annotations

from dataclasses import dataclass

from iocop.core.events import Event


@dataclass(frozen=True)
class SiteChanged(Event):
    """*setting_ids* are the names of the settings that were changed."""

    setting_ids: tuple[str, ...]
