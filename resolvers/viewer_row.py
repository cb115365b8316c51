"""The row behind `Viewer`: whoever is signed in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ViewerRow:
    """The signed-in person; everything else is fetched when it is asked for."""

    id: int
