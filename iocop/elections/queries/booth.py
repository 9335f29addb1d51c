"""What the booth is told, as plain data (docs/ballot-protocol.md, section 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from iocop.core.db import db
from iocop.elections.models import BoardHead, Nomination
from iocop.elections.queries import casting
from iocop.elections.sealing.canonical import digest
from iocop.elections.services.boxes import box_of
from iocop.elections.voting import is_open, may_have_token
