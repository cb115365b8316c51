"""The row behind `ImageUpload`: a form that a browser posts to the bucket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FormFieldRow:
    """One field of the form."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class UploadRow:
    """The form of one upload: every field, in order, and the file last under the name `file`."""

    gid: str
    url: str
    method: str
    fields: Sequence[FormFieldRow]
    expires_at: datetime
