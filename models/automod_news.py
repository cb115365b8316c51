"""Automod at work: what is written is held against the rules out of the event log, and what rules are on for is done.

Nobody who writes waits for a rule, and no rule can keep them from writing: `work` reads the log, puts down what matched in the
transaction that moves its place, and then does what follows, each match in a transaction of its own. A match that cannot be done is
tried again, then given up; a rule that matches more in an hour than it may is put back to DRY. What was done for a thing is not done
again while it says the same, whatever moderators decided; and what a person decided about a post as it is, no rule decides again.
Before anything is done the thing is looked at once more: it may have been changed, or the rule, since it matched.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from asyncpg import InterfaceError, InternalClientError, Record

from errors import Refusal
from models import audit, automod_definition, automod_fact, automod_rule, evidence, moderation, moderation_case, role
from models.audit import ModerationLogKind
from models.automod_definition import UNREADABLE, AutomodOutcome, AutomodTarget, Definition
from models.automod_fact import Facts
from models.automod_matcher import Matcher
from models.checkpoint import checkpoint
from models.database import fetch, fetch_one, fetch_value
from models.event import Event, Kind
from models.log_reader import LogReader
from models.moderation import Order
from models.moderation_action import ModerationActionKind
from models.report import URGENCY
from models.role import Role
from models.standing import CLOSED
from models.subject import ReportSubjectKind, Subject
from models.transaction import transaction

MOST_TRIES = 3
AT_ONCE = 50  # facts between two turns of whatever else this process does
NEWEST_OPENED = 100  # posts of an account that is for everybody from now on, which are looked at
SHARE = 10  # one person is at most such a part of what a rule may match in an hour
KEPT_DAYS = 90
_READER = LogReader("automod")
_WRITTEN = frozenset({Kind.POST_CREATED, Kind.POST_EDITED, Kind.POST_AUDIENCE})
log = logging.getLogger(__name__)


class Rules:
    """The rules that hold, made ready once and again when one of them changed."""

    def __init__(self) -> None:
        self.matcher = Matcher({})
        self.states: dict[int, str] = {}
        self.versions: dict[int, int] = {}
        self._revision = -1

    async def refresh(self) -> None:
        """Read them anew if anything changed since; a statement where nothing did. One that cannot be read matches nothing."""
        revision = await automod_rule.revision()
        if revision == self._revision:
            return
        definitions: dict[int, Definition] = {}
        self.states, self.versions = {}, {}
        rows = await fetch(
            "SELECT * FROM automod_rules WHERE deleted_at IS NULL AND state IN ('DRY', 'ON') ORDER BY id"
        )
        for row in rows:
            try:
                definitions[row["id"]] = automod_definition.read(row["definition"])
            except UNREADABLE:
                log.exception("automod rule %d cannot be read and is left out", row["id"])
                continue
            self.states[row["id"]], self.versions[row["id"]] = row["state"], row["version"]
        self.matcher, self._revision = Matcher(definitions), revision


_rules = Rules()


async def screen() -> bool:
    """Hold the next stretch of the log against the rules, then do something that is to be done; True while there may be more.
    Safe in parallel."""
    more = await _READER.follow(_hear)
    return await act() if more is None else more


async def _hear(events: Sequence[Event]) -> None:
    await _rules.refresh()
    if not _rules.states:
        return
    written = list(dict.fromkeys(e.post_id for e in events if e.kind in _WRITTEN and e.post_id is not None))
    if opened := {e.actor_id for e in events if e.kind is Kind.STANDING_CHANGED and not (e.subject_id or 0) & CLOSED}:
        written += [number for number in await _posts_of(opened) if number not in written]
    facts = await automod_fact.posts(written) if written else []
    if _rules.matcher.looks_at(AutomodTarget.ACCOUNT):
        # A profile that changed, and whoever writes: an account is made without an event.
        people = {e.user_id for e in events if e.kind is Kind.USER_CHANGED and e.user_id is not None}
        people |= {e.actor_id for e in events if e.kind is Kind.POST_CREATED and e.actor_id is not None}
        if people:
            facts += await automod_fact.accounts(sorted(people), datetime.now(UTC))
    if facts:
        await _keep(facts)
    checkpoint("automod.matched")


async def _posts_of(people: Collection[int | None]) -> list[int]:
    """The newest posts of people whose account is for everybody now: what they wrote before was looked at by no rule."""
    rows = await fetch(
        """SELECT p.id FROM unnest($1::bigint[]) AS u (id), LATERAL (
            SELECT id FROM posts WHERE author_id = u.id AND deleted_at IS NULL ORDER BY id DESC LIMIT $2) AS p""",
        sorted(number for number in people if number),
        NEWEST_OPENED,
    )
    return [row["id"] for row in rows]


async def _keep(facts: Sequence[Facts]) -> None:
    """Put down what matched, once for each thing as it is."""
    found: list[tuple[int, Facts]] = []
    for at, one in enumerate(facts):
        if at % AT_ONCE == AT_ONCE - 1:
            await asyncio.sleep(0)
        try:
            found += [(match.rule_id, one) for match in _rules.matcher.matches(one)]
        except Exception:  # whatever it is: everything that is written comes after it
            log.exception("%s %d could not be held against the rules", one.subject.kind.value, one.subject.id)
    new = await fetch(
        """INSERT INTO automod_matches (rule_id, subject_kind, subject_id, person_id, version, said, state)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::int[], $6::bytea[], $7::text[])
        ON CONFLICT (rule_id, subject_kind, subject_id) DO UPDATE SET
            version = excluded.version, said = excluded.said, state = excluded.state, tries = 0, at = now()
            WHERE automod_matches.said <> excluded.said OR (automod_matches.state = 'DRY' AND excluded.state = 'PENDING')
        RETURNING rule_id""",
        [number for number, _ in found],
        [one.subject.kind.value for _, one in found],
        [one.subject.id for _, one in found],
        [one.person_id for _, one in found],
        [_rules.versions[number] for number, _ in found],
        [one.hash for _, one in found],
        ["PENDING" if _rules.states[number] == "ON" else "DRY" for number, _ in found],
    )
    matched = [row["rule_id"] for row in new]
    looked = {number: target for target in AutomodTarget for number in _rules.matcher.looks_at(target)}
    examined = {target: sum(one.target is target for one in facts) for target in AutomodTarget}
    counted = [number for number, target in looked.items() if examined[target]]
    await fetch(
        """INSERT INTO automod_days (rule_id, day, examined, matched)
        SELECT n.id, (now() AT TIME ZONE 'UTC')::date, n.examined, n.matched
        FROM unnest($1::bigint[], $2::int[], $3::int[]) AS n (id, examined, matched) JOIN automod_rules r ON r.id = n.id
        ON CONFLICT (rule_id, day) DO UPDATE SET examined = automod_days.examined + excluded.examined,
            matched = automod_days.matched + excluded.matched""",
        counted,
        [examined[looked[number]] for number in counted],
        [matched.count(number) for number in counted],
    )


_NEXT = """SELECT m.*, r.state AS rule_state, r.definition, r.version AS rule_version FROM automod_matches m
    JOIN automod_rules r ON r.id = m.rule_id WHERE m.state = 'PENDING' ORDER BY m.at, m.rule_id, m.subject_id LIMIT 1
    FOR UPDATE OF m SKIP LOCKED"""


async def act() -> bool:
    """Do what follows from the oldest match that waits; False where none does."""
    row = None
    try:
        async with transaction():
            row = await fetch_one(_NEXT)
            if row is None:
                return False
            await _follow(row)
            checkpoint("automod.acted")
    except (OSError, InterfaceError, InternalClientError):
        raise
    except Exception:  # whatever it is: others wait behind it
        log.exception("what follows from an automod rule could not be done")
        if row is not None:
            await _failed(row)
    return True


async def _failed(row: Record) -> None:
    await fetch(
        f"""UPDATE automod_matches SET tries = tries + 1, at = now(), state = CASE WHEN tries + 1 >= {MOST_TRIES} THEN 'FAILED'
            ELSE state END WHERE rule_id = $1 AND subject_kind = $2 AND subject_id = $3 AND state = 'PENDING'""",
        row["rule_id"],
        row["subject_kind"],
        row["subject_id"],
    )


async def _follow(row: Record) -> None:
    definition = automod_definition.read(row["definition"])
    if row["rule_state"] != "ON":
        await _settle(row, "DRY", None)
        return
    # Whoever writes very much alone shows no fault of the rule, and must not be able to turn it off.
    lately = await fetch_value(
        """SELECT coalesce(sum(least(each.many, $2)), 0) FROM (SELECT count(*) AS many FROM automod_matches
            WHERE rule_id = $1 AND state = 'DONE' AND at > now() - interval '1 hour' GROUP BY person_id) AS each""",
        row["rule_id"],
        max(1, definition.most_an_hour // SHARE),
    )
    if lately >= definition.most_an_hour:
        await automod_rule.stop(row["rule_id"], f"more than {definition.most_an_hour} in an hour")
        return
    subject = Subject(ReportSubjectKind(row["subject_kind"]), row["subject_id"])
    try:
        now = await _matching_now(row["rule_id"], definition, subject)
        found = None if now is None else await evidence.gather(0, subject)  # as everybody sees it
    except Refusal:
        found = None
    if now is None or found is None or await _is_decided(definition, subject):
        await _settle(row, "PASSED", None)
        return
    case_id = await moderation_case.open_case(subject, found, URGENCY.get(definition.reason, 0), reports=0)
    # Asked while the case is held: a report may have come this very moment, and is a person's to decide.
    new = await fetch_value("SELECT created_at = now() FROM moderation_cases WHERE id = $1", case_id)
    outcome = definition.outcome
    if await role.role_of(found.person_id) is not Role.MEMBER:
        outcome = AutomodOutcome.QUEUE  # people act about the team
    action_id = None
    if outcome is not AutomodOutcome.QUEUE:
        held = outcome is AutomodOutcome.HOLD
        order = Order(
            ModerationActionKind.HIDE if held else ModerationActionKind.LABEL,
            definition.reason,
            label=definition.label,
            closes=not held and new,
        )
        try:
            async with transaction():
                action_id = await moderation.act_by_rule(row["rule_id"], case_id, order)
        except Refusal as refusal:  # held down already, or deleted: the case stays for people
            log.info("an automod rule could not act: %s", refusal.message)
    await _settle(row, "DONE", case_id, now.hash)
    name = f"{definition.name} (v{row['rule_version']}): {outcome.value} {subject.kind.value} {definition.reason.value}"
    await audit.note(
        None, ModerationLogKind.MATCHED, case_id=case_id, action_id=action_id, person_id=found.person_id, detail=name
    )


async def _matching_now(rule_id: int, definition: Definition, subject: Subject) -> Facts | None:
    """The thing as it is now, where everybody sees it and the rule as it is now still matches."""
    if subject.kind is ReportSubjectKind.POST:
        facts = await automod_fact.posts([subject.id])
    else:
        facts = await automod_fact.accounts([subject.id], datetime.now(UTC))
    matcher = Matcher({rule_id: definition})
    return next((one for one in facts if one.target is definition.target and matcher.matches(one)), None)


async def _is_decided(definition: Definition, subject: Subject) -> bool:
    """Whether a moderator did something about the post as it is, or the label that would be put stands there already."""
    return bool(
        await fetch_value(
            """SELECT EXISTS (SELECT 1 FROM moderation_actions a JOIN posts p ON p.id = a.subject_id
                WHERE a.subject_kind = $1 AND $1 = 'POST' AND a.subject_id = $2 AND a.moderator_id IS NOT NULL
                    AND a.created_at >= greatest(p.created_at, p.edited_at))
            OR EXISTS (SELECT 1 FROM labels l WHERE l.subject_kind = $1 AND l.subject_id = $2 AND l.value = $3)""",
            subject.kind.value,
            subject.id,
            None if definition.label is None else definition.label.value.value,
        )
    )


async def _settle(row: Record, state: str, case_id: int | None, said: bytes | None = None) -> None:
    await fetch(
        """UPDATE automod_matches SET state = $4, at = now(), case_id = coalesce($5::bigint, case_id), said = coalesce($6, said)
        WHERE rule_id = $1 AND subject_kind = $2 AND subject_id = $3""",
        row["rule_id"],
        row["subject_kind"],
        row["subject_id"],
        state,
        case_id,
        said,
    )


async def forget_old() -> bool:
    """Take out what rules matched without doing anything, and their days, after `KEPT_DAYS`."""
    await fetch(
        f"DELETE FROM automod_matches WHERE state NOT IN ('PENDING', 'DONE') AND at < now() - interval '{KEPT_DAYS} days'"
    )
    await fetch(f"DELETE FROM automod_days WHERE day < now() - interval '{KEPT_DAYS} days'")
    return False
