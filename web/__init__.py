"""The review desk: where people read, edit and decide about drafts in a browser."""

from web.app import create_app
from web.desk import Desk

__all__ = ["Desk", "create_app"]
