"""Labels that labelers put on what they see, and take off again. Rows stay when a label is taken off: they say who said what when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from errors import BadInput, NotFound, QuotaExceeded
from models import gallery, visibility
from models.database import fetch, fetch_value
from models.labeler import DefinitionRow, definition_of, require_identifier
from models.post import seen
from models.subject import ReportSubjectKind, Subject

MOST_A_DAY = 5_000
NO_SUCH_LABEL = "You have no such label."


@dataclass(frozen=True, slots=True)
class GivenLabelRow:
    """A label on something, by a labeler that the viewer listens to."""

    labeler_id: int
    definition: DefinitionRow


_SQL = f"""SELECT g.subject_id, g.labeler_id, d.*, c.choice
FROM labeler_subscriptions s JOIN given_labels g ON g.labeler_id = s.labeler_id AND g.removed_at IS NULL
    AND g.subject_kind = $2 AND g.subject_id = ANY($3::bigint[])
JOIN label_definitions d ON d.id = g.definition_id AND d.retired_at IS NULL
LEFT JOIN label_choices c ON c.person_id = $1 AND c.definition_id = d.id
WHERE s.person_id = $1 AND {visibility.OPEN_LABELER.replace("{l}", "s.labeler_id")} ORDER BY g.id"""


async def labels_for(viewer_id: int, kind: ReportSubjectKind, ids: Sequence[int]) -> dict[int, list[GivenLabelRow]]:
    """What the labelers that somebody listens to say of things of one kind, by their ids, first said first. One statement; none
    for who is signed out. Whether the viewer sees the things is asked before."""
    found: dict[int, list[GivenLabelRow]] = {}
    if viewer_id == visibility.SIGNED_OUT:
        return found
    for row in await fetch(_SQL, viewer_id, kind.value, list(ids)):
        found.setdefault(row["subject_id"], []).append(GivenLabelRow(row["labeler_id"], definition_of(row)))
    return found


async def given(labeler_id: int, subject: Subject) -> list[str]:
    """Which labels of a labeler stand on something, by their identifiers, first put first."""
    rows = await fetch(
        """SELECT d.identifier FROM given_labels g JOIN label_definitions d ON d.id = g.definition_id AND d.retired_at IS NULL
        WHERE g.labeler_id = $1 AND g.subject_kind = $2 AND g.subject_id = $3 AND g.removed_at IS NULL ORDER BY g.id""",
        labeler_id,
        subject.kind.value,
        subject.id,
    )
    return [row["identifier"] for row in rows]


async def put(labeler_id: int, subject: Subject, identifier: str) -> None:
    """Put a label of one's own on what one sees; twice is the same as once. The caller holds the transaction.

    Raises NotFound for what the labeler does not see or has not defined, QuotaExceeded after `MOST_A_DAY` in 24 hours.
    """
    await _require_seen(labeler_id, subject)
    require_identifier(identifier, NO_SUCH_LABEL)
    number = await fetch_value(
        """SELECT d.id FROM label_definitions d JOIN labelers l ON l.user_id = d.labeler_id AND l.closed_at IS NULL
        WHERE d.labeler_id = $1 AND d.identifier = $2 AND d.retired_at IS NULL FOR SHARE""",
        labeler_id,
        identifier,
    )
    if number is None:
        raise NotFound(NO_SUCH_LABEL, ["identifier"])
    new = await fetch(
        """INSERT INTO given_labels (labeler_id, definition_id, subject_kind, subject_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (subject_id, subject_kind, definition_id) WHERE removed_at IS NULL DO NOTHING RETURNING id""",
        labeler_id,
        number,
        subject.kind.value,
        subject.id,
    )
    if not new:
        return
    lately = await fetch_value(
        """SELECT count(*) FROM (SELECT created_at FROM given_labels WHERE labeler_id = $1 ORDER BY id DESC LIMIT $2) newest
        WHERE created_at > now() - interval '24 hours'""",
        labeler_id,
        MOST_A_DAY + 1,
    )
    if lately > MOST_A_DAY:
        raise QuotaExceeded(f"A labeler puts at most {MOST_A_DAY:,} labels on things in 24 hours.")


async def take_off(labeler_id: int, subject: Subject, identifier: str) -> None:
    """Take a label of one's own off, whether or not one still sees what it is on; twice is the same as once.

    Raises NotFound for what one has not labelled so and does not see.
    """
    require_identifier(identifier, NO_SUCH_LABEL)
    rows = await fetch(
        """UPDATE given_labels g SET removed_at = now() FROM label_definitions d WHERE d.id = g.definition_id
        AND g.labeler_id = $1 AND d.identifier = $2 AND g.subject_kind = $3 AND g.subject_id = $4 AND g.removed_at IS NULL
        RETURNING g.id""",
        labeler_id,
        identifier,
        subject.kind.value,
        subject.id,
    )
    if not rows:
        await _require_seen(labeler_id, subject)
        if not await fetch(
            "SELECT 1 FROM label_definitions WHERE labeler_id = $1 AND identifier = $2", labeler_id, identifier
        ):
            raise NotFound(NO_SUCH_LABEL, ["identifier"])


async def _require_seen(labeler_id: int, subject: Subject) -> None:
    """Raises NotFound for what the labeler may not see, an account across a block among it, and BadInput for a message."""
    if subject.kind is ReportSubjectKind.POST:
        await seen(labeler_id, subject.id, "postId")
    elif subject.kind is ReportSubjectKind.IMAGE:
        if subject.id not in await gallery.images(labeler_id, [subject.id]):
            raise NotFound("There is no such image.", ["imageId"])
    elif subject.kind is ReportSubjectKind.USER:
        if not await fetch(
            """SELECT 1 FROM users u WHERE u.id = $2 AND NOT u.gone AND NOT EXISTS (SELECT 1 FROM blocks b
            WHERE (b.blocker_id, b.blocked_id) IN ((u.id, $1), ($1, u.id)))""",
            labeler_id,
            subject.id,
        ):
            raise NotFound("There is no such user.", ["userId"])
    else:
        raise BadInput("Messages take no labels.", ["kind"])
