"""The languages that this place speaks."""

from __future__ import annotations

from models.preference import InterfaceLanguage
from schema.scalar import publish

__all__ = ["InterfaceLanguage"]

publish(
    InterfaceLanguage,
    "A language that this place speaks, in mail and in what is pushed to devices.",
    {InterfaceLanguage.EN: "English.", InterfaceLanguage.FR: "French."},
)
