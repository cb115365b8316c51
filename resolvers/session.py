"""Signing up, in and out; the list of one's sessions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import strawberry

from errors import Forbidden, NotFound, Refusal, Unauthenticated
from models import (
    email_address,
    invitation,
    known_device,
    node_id,
    pending_login,
    preference,
    second_factor,
    session,
    standing,
    step_up,
    user,
)
from models.device import device_name
from models.preference import InterfaceLanguage
from models.session import Session
from models.sign_up_mode import SignUpMode, mode_of
from models.transaction import transaction
from models.visibility import SIGNED_OUT
from resolvers import page, password
from resolvers.context import NOBODY, Asker, Context, Info
from resolvers.outcome import perform, refused
from resolvers.payload import AuthRow, PendingLoginRow, SessionsEndedRow
from resolvers.viewer_row import ViewerRow
from safety.address import coarse

COOKIE = "fresque_session"
BROWSER_COOKIE = "fresque_device"
DAY_SECONDS = 86_400
NOBODY_SO = "The name or the password is wrong."


@strawberry.input(description="Who somebody wants to be here. Open to all while sign-up is open.")
class SignUpInput:
    handle: str = strawberry.field(
        description="1–30 of a–z, 0–9 and _; unique whatever the case. Capitals are lowered."
    )
    email: str = strawberry.field(description="Where to reach them; never shown to others. One account per address.")
    password: str = strawberry.field(
        description="At least 8 characters, and none that is easy to guess; kept only as an argon2id hash."
    )
    display_name: str | None = strawberry.field(
        description="The name shown, at most 50 characters; the handle if left out.", default=strawberry.UNSET
    )
    language: InterfaceLanguage | None = strawberry.field(
        description="In which language to write to them; English if left out.", default=strawberry.UNSET
    )
    invitation: str | None = strawberry.field(
        description="The code of an invitation, without which nobody comes in where `Site.signUpMode` is INVITE.",
        default=strawberry.UNSET,
    )
    bearer: bool = strawberry.field(description="True: answer with a bearer token and set no cookie.", default=False)


@strawberry.input(description="Proof of who one is.")
class LogInInput:
    login: str = strawberry.field(description="Handle or e-mail address, in any case.")
    password: str = strawberry.field(description="The password.")
    bearer: bool = strawberry.field(description="True: answer with a bearer token and set no cookie.", default=False)


@strawberry.input(description="Which sessions to end.")
class LogOutInput:
    everywhere: bool = strawberry.field(
        description="True: end every session of the viewer, not only this one.", default=False
    )


@strawberry.input(description="One session to end.")
class RevokeSessionInput:
    session_id: strawberry.ID = strawberry.field(description="A session of the viewer's own.")
    idempotency_key: str | None = strawberry.field(
        description="The same key with the same input gives the same outcome for 24 hours.", default=strawberry.UNSET
    )


@strawberry.input(description="To end every session of the viewer but the one that asks.")
class RevokeOtherSessionsInput:
    idempotency_key: str | None = strawberry.field(
        description="The same key gives the same outcome for 24 hours.", default=strawberry.UNSET
    )


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One of the viewer's sessions."""

    id: int
    device: str
    network: str
    bearer: bool
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    is_current: bool

    @property
    def gid(self) -> str:
        """The global id."""
        return node_id.encode("session", self.id)


@dataclass(frozen=True, slots=True)
class SessionEdgeRow:
    """A session in the viewer's list."""

    cursor: str
    node: SessionRow


@dataclass(frozen=True, slots=True)
class SessionsRow:
    """One page of the viewer's sessions."""

    edges: Sequence[SessionEdgeRow]
    page_info: page.PageInfoRow


def cookie_name(name: str, secure: bool) -> str:
    """How a cookie is called: by https so that browsers take it from nobody but this very host, and send it nowhere else."""
    return f"__Host-{name}" if secure else name


def _cookie(context: Context, token: str, seconds: int, name: str = COOKIE) -> None:
    parts = [f"{cookie_name(name, context.secure)}={token}", "Path=/", "HttpOnly", "SameSite=Lax", f"Max-Age={seconds}"]
    if context.secure:
        parts.append("Secure")
    context.response_headers.append(("Set-Cookie", "; ".join(parts)))


def forget_cookie(context: Context) -> None:
    """Take the session's cookie out of the browser."""
    _cookie(context, "", 0)


def session_cookies(context: Context, token: str) -> None:
    """Give the browser its session, and its name, which `remember_browser` knows."""
    _cookie(context, token, context.house.settings.session_days * DAY_SECONDS)
    _cookie(context, context.browser, known_device.KEPT_DAYS * DAY_SECONDS, BROWSER_COOKIE)


async def remember_browser(context: Context, user_id: int) -> None:
    """Know this browser as one in which the person signs in. The caller holds the transaction."""
    if not context.browser:
        context.browser = known_device.new_name()
    await known_device.remember(user_id, context.browser)


def name_of(login: str) -> str:
    """A name as wrong passwords are counted for it, whether anybody has it or not."""
    return hashlib.sha256(login.strip().lower().encode(errors="surrogatepass")).hexdigest()


async def door(context: Context, login: str, user_id: int) -> str:
    """What wrong passwords are counted for: the name that was said, whether anybody has it, or a browser that knows the person."""
    name = name_of(login)
    if context.browser and await known_device.is_known(user_id, context.browser):
        return f"{name}:{hashlib.sha256(context.browser.encode(errors='surrogatepass')).hexdigest()}"
    return name


async def enter(context: Context, user_id: int, *, bearer: bool) -> tuple[int, str]:
    """A session for somebody who has proven who they are: its number and its secret. It takes a deactivated account up again.

    The caller holds the transaction, and says `signed_in` after it.
    """
    await standing.reactivate(user_id)
    days = context.house.settings.session_days
    found = await session.start_session(user_id, bearer, context.device, days, coarse(context.host))
    if not bearer:
        await remember_browser(context, user_id)
    return found


async def admit(context: Context, user_id: int, *, bearer: bool, shown: user.Credential | None = None) -> AuthRow:
    """Let somebody in who has proven who they are by one factor (a password, another provider): signed in, or waiting for the second.

    Raises Unauthenticated when the credential that was `shown` is another one meanwhile.
    """
    async with transaction():
        if shown is not None and not await user.holds(shown):
            raise Unauthenticated(NOBODY_SO, ["password"])
        await second_factor.hold(user_id)  # a factor that is added at this moment is asked for, or ends this session
        factors = await second_factor.kinds_of(user_id)
        if factors:
            secret, until = await pending_login.open_login(user_id, bearer=bearer)
            return AuthRow((), None, None, PendingLoginRow(secret, factors, until))
        session_id, token = await enter(context, user_id, bearer=bearer)
    return signed_in(context, user_id, session_id, token, bearer)


def signed_in(context: Context, user_id: int, session_id: int, token: str, bearer: bool) -> AuthRow:
    """The answer to somebody who is in, with their cookies if they have no token."""
    if not bearer:
        session_cookies(context, token)
    context.become(Asker(user_id, session_id, None, not bearer))
    return AuthRow((), ViewerRow(user_id), token if bearer else None)


async def _may_come_in(context: Context, code: str) -> None:
    """Raises Forbidden where nobody can open an account, or nobody without an invitation; NotFound for one that opens nothing."""
    mode = mode_of(context.house.settings.sign_up_mode)
    if mode is SignUpMode.CLOSED:
        raise Forbidden("Sign-up is closed here.")
    if mode is SignUpMode.INVITE and not code:
        raise Forbidden("One comes in here by an invitation.", ["invitation"])
    if code:
        await context.house.points.try_sign_in(context.host)
        if not await invitation.opens(code):
            raise NotFound(invitation.NO_INVITATION, ["invitation"])


async def sign_up(info: Info, input: SignUpInput) -> AuthRow:
    """A new account, signed in at once; where mail goes out, a letter asks to confirm its address."""
    context, told = info.context, info.context.house.settings
    code = input.invitation.strip() if input.invitation else ""
    try:
        await _may_come_in(context, code)
        handle = user.checked_handle(input.handle)
        email = user.checked_email(input.email)
        name = user.checked_line(input.display_name or "", user.LONGEST_DISPLAY_NAME, "displayName", "A display name")
        await context.house.points.try_sign_in(context.host)
        chosen = await password.sound(input.password, handle, email, name)
        await user.require_free(handle, email)
        await context.house.points.sign_up(context.host)
        secret = await password.hashed(chosen, told)
        async with transaction():
            person = await user.sign_up(handle, email, secret, name)
            if code:
                await invitation.use(code, person.id)
            if input.language:
                await preference.set_language(person.id, input.language)
            if told.sends_links:
                await email_address.ask_confirmation(person.id, told.secret_key)
            session_id, token = await enter(context, person.id, bearer=input.bearer)
    except Refusal as refusal:
        return AuthRow(refused(refusal).user_errors)
    return signed_in(context, person.id, session_id, token, input.bearer)


async def _proven(context: Context, login: str, said: str) -> user.Credential:
    """The credential that a name and a password fit, hashed at today's cost. Raises Unauthenticated, RateLimited."""
    await context.house.points.try_sign_in(context.host)
    credential = await user.credential_of(login)
    at = await door(context, login, credential.user_id if credential else 0)
    await context.house.points.try_password(at)
    fits = await password.matches(credential.password_hash if credential else None, said, context.house.settings)
    if credential is None or not fits:
        raise Unauthenticated(NOBODY_SO, ["password"])
    await context.house.points.password_fits(at)
    renewed = await password.renewed(credential.password_hash, said, context.house.settings)
    if renewed is not None:
        await user.renew_password_hash(credential, renewed)
    return credential


async def log_in(info: Info, input: LogInInput) -> AuthRow:
    """A new session for somebody who proves who they are, or a login that waits for their second factor; it takes a deactivated
    account up again. Whether a name exists cannot be told from the answer."""
    context, login = info.context, input.login[: user.LONGEST_EMAIL]
    try:
        credential = await _proven(context, login, input.password)
        try:
            return await admit(context, credential.user_id, bearer=input.bearer, shown=credential)
        except Unauthenticated:  # another password meanwhile, or the same one, hashed anew by another login
            credential = await _proven(context, login, input.password)
            return await admit(context, credential.user_id, bearer=input.bearer, shown=credential)
    except Refusal as refusal:
        return AuthRow(refused(refusal).user_errors)


async def log_out(info: Info, input: LogOutInput) -> SessionsEndedRow:
    """End this session, or all; sockets opened with them close at once."""
    context = info.context
    viewer_id, this_one = context.viewer_id, context.asker.session_id
    if viewer_id == SIGNED_OUT or this_one is None:
        return SessionsEndedRow(refused(Unauthenticated("Nobody is signed in.")).user_errors)
    async with transaction():
        ended = await session.revoke(viewer_id, None if input.everywhere else this_one)
    if context.asker.by_cookie:
        _cookie(context, "", 0)
    context.become(NOBODY)
    return SessionsEndedRow((), [node_id.encode("session", number) for number in ended])


async def revoke_session(info: Info, input: RevokeSessionInput) -> SessionsEndedRow:
    """End one of the viewer's sessions; its sockets close at once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        number = node_id.number_of("session", input.session_id)
        if number != info.context.asker.session_id:
            await step_up.require(info.context.asker.session_id)
        ended = await session.revoke(viewer_id, number) if number is not None else []
        if not ended:
            raise NotFound("There is no such session of yours.", ["sessionId"])
        return {"ended": ended}

    outcome = await perform(info.context, "revokeSession", input, act)
    ended = outcome.found.get("ended", ())
    return SessionsEndedRow(outcome.user_errors, [node_id.encode("session", number) for number in ended])


async def revoke_other_sessions(info: Info, input: RevokeOtherSessionsInput) -> SessionsEndedRow:
    """End all of the viewer's sessions but this one; their sockets close at once."""

    async def act(viewer_id: int) -> Mapping[str, Any]:
        this_one = info.context.asker.session_id
        if this_one is None:
            raise Unauthenticated("Sign in to do this.")
        await step_up.require(this_one)
        return {"ended": await session.revoke(viewer_id, but=this_one)}

    outcome = await perform(info.context, "revokeOtherSessions", input, act)
    ended = outcome.found.get("ended", ())
    return SessionsEndedRow(outcome.user_errors, [node_id.encode("session", number) for number in ended])


def _row(context: Context, found: Session) -> SessionRow:
    current = found.id == context.asker.session_id
    return SessionRow(
        found.id,
        device_name(found.device),
        found.network,
        found.bearer,
        found.created_at,
        found.last_used_at,
        found.expires_at,
        current,
    )


async def session_of_viewer(context: Context, number: int) -> SessionRow | None:
    """A session of the viewer's own, or nothing."""
    found = await Session.get_or_none(id=number, user_id=context.viewer_id)
    return None if found is None else _row(context, found)


async def sessions(
    parent: strawberry.Parent[ViewerRow],
    info: Info,
    first: int | None = strawberry.UNSET,
    after: str | None = strawberry.UNSET,
    last: int | None = strawberry.UNSET,
    before: str | None = strawberry.UNSET,
) -> SessionsRow:
    """The viewer's sessions that are still good, newest first."""
    question = page.asked(first, after, last, before)
    window = question.window(newest_first=True)
    order = "id" if window.backward else "-id"
    rows: Sequence[Session] = (
        await Session.filter(user_id=parent.id, id__lt=window.older_than, id__gt=window.newer_than)
        .order_by(order)
        .limit(window.limit)
    )
    found = [_row(info.context, one) for one in sorted(rows, key=lambda one: -one.id)]
    rows_of_page = page.page_of(question, found, lambda row: row.id)
    return SessionsRow([SessionEdgeRow(page.encode(row.id), row) for row in rows_of_page.items], rows_of_page.page_info)
