"""Public figures of moderation: how many reports, actions and appeals a month had. Numbers alone, of whole months and of this one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.database import fetch

MOST_MONTHS = 24


@dataclass(frozen=True, slots=True)
class CountRow:
    """How often something was given as a reason, or done."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month, in UTC."""

    month: datetime
    report_count: int
    reports: list[CountRow]
    actions: list[CountRow]
    automatic_actions: list[CountRow]
    appeal_count: int
    granted_appeal_count: int


_MONTHS = """SELECT date_trunc('month', now() AT TIME ZONE 'UTC') - make_interval(months => n) AS month
    FROM generate_series(0, $1::int - 1) AS n"""


async def months(number: int) -> list[MonthRow]:
    """The newest months, at most `MOST_MONTHS`, newest first."""
    rows = await fetch(
        f"""WITH months AS ({_MONTHS}), spans AS (
            SELECT month AT TIME ZONE 'UTC' AS since, (month + interval '1 month') AT TIME ZONE 'UTC' AS until FROM months
        ) SELECT since,
            (SELECT json_object_agg(reason, n) FROM (SELECT reason, count(*) AS n FROM reports
                WHERE created_at >= since AND created_at < until GROUP BY reason) AS r) AS reports,
            (SELECT json_object_agg(kind, n) FROM (SELECT kind, count(*) AS n FROM moderation_actions
                WHERE created_at >= since AND created_at < until GROUP BY kind) AS a) AS actions,
            (SELECT json_object_agg(kind, n) FROM (SELECT kind, count(*) AS n FROM moderation_actions
                WHERE created_at >= since AND created_at < until AND moderator_id IS NULL GROUP BY kind) AS a) AS automatic,
            (SELECT count(*) FROM appeals WHERE created_at >= since AND created_at < until) AS appeals,
            (SELECT count(*) FROM appeals WHERE created_at >= since AND created_at < until AND state = 'GRANTED') AS granted
        FROM spans ORDER BY since DESC""",
        min(number, MOST_MONTHS),
    )
    return [
        MonthRow(
            row["since"],
            sum((row["reports"] or {}).values()),
            _counts(row["reports"]),
            _counts(row["actions"]),
            _counts(row["automatic"]),
            row["appeals"],
            row["granted"],
        )
        for row in rows
    ]


def _counts(found: dict[str, int] | None) -> list[CountRow]:
    return [CountRow(name, count) for name, count in sorted((found or {}).items())]
