"""Marks: fields of a row whose values depend on who looks say so, as `metadata` of their declaration.

What is selected in a subscription decides by its marks who may be given the same bytes. A field without a mark must give
the same to everybody who may see its row; one that does not fails `tests/test_mark.py`, and at run time is refused to
all but the one who asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from execution.mark import ALONE as NOT_SHARED
from execution.mark import VIEWER
from models import outlook

STATE: Final[Mapping[str, object]] = {VIEWER: outlook.STATE}
"""The viewer's own state and rights: `viewer…`."""

HOLE: Final[Mapping[str, object]] = {VIEWER: outlook.HOLE}
"""Another post in a post, which some viewers may see and others not."""

GRANT: Final[Mapping[str, object]] = {VIEWER: outlook.GRANT}
"""An address that carries a grant for one viewer."""

ALONE: Final[Mapping[str, object]] = {VIEWER: NOT_SHARED}
"""Loaded for each viewer anew: whoever selects it live is told alone."""
