"""The blueprint of the desk; importing this room's views puts their routes on it."""

from __future__ import annotations

from lms.board import views_desk, views_pack
from lms.board.base import blueprint

__all__ = ["blueprint", "views_desk", "views_pack"]
