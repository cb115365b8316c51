"""The composition root of the API process: what is shared, who asks, which path leads where. `python -m app` serves it."""

from __future__ import annotations

import asyncio
import functools
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from errors import RateLimited, Unauthenticated
from execution import garbage
from execution.cost import Limits
from execution.documents import Documents
from execution.executor import Runner
from execution.groups import Groups
from execution.identity import Identity
from execution.metrics import Metric, Requests, counter, gauge, of_execution, of_hub, of_process
from execution.price import JOB_MUTATIONS
from execution.protocol import serve
from execution.transports.application import Application, is_secure
from execution.transports.armour import Armour
from execution.transports.client import FRONT_POLICY, Client
from execution.transports.cors import OPEN_PATHS, Cors
from execution.transports.external_login import ExternalLogin
from execution.transports.fault import Faults
from execution.transports.hand_in import HandIn
from execution.transports.http import HttpEndpoint
from execution.transports.mail_stop import MailStop
from execution.transports.oauth import OAuth
from execution.transports.origin import Origins
from execution.transports.picture import Away, Pictures
from execution.transports.published import Published
from execution.transports.scrape import Scrape, access
from execution.transports.slash import without_slash
from execution.transports.socket import SocketEndpoint
from execution.transports.sockets import Sockets
from execution.transports.status import profile_of
from execution.transports.well_known import WellKnown, contacts
from execution.trusted import load
from generation.proof import mark_key_of
from generation.vector import NotDrawn, drawing_of
from models import digest, node_id, session
from models.database import AWAY, close_database, fetch_value, open_database
from models.drawing import scene_of
from models.event import Event
from models.pulse import pool_use, pulse
from models.sign_up_mode import mode_of
from models.transaction import forget_commit_hooks, on_commit
from outside.oidc import Provider
from outside.push import public_key_of
from outside.writer import Writer
from provenance.credential import credential_of
from provenance.ticket import Tickets
from realtime import topic
from realtime.cancel import end_tasks
from realtime.hub import Hub
from realtime.views import Views
from realtime.wire import POKES, Wire
from resolvers import oauth
from resolvers.audience import Audience
from resolvers.bearer import asker_by, may_look
from resolvers.context import NOBODY, Asker, Context, House
from resolvers.examination import Examination
from resolvers.external_login import COOKIE as EXTERNAL_COOKIE
from resolvers.external_login import Back, come_back
from resolvers.hand_in import handed_in
from resolvers.homes import Homes
from resolvers.picture import lead
from resolvers.session import BROWSER_COOKIE, COOKIE, cookie_name
from safety.address import coarse, network_of
from safety.check import Checks
from safety.limit import Limit, Standing
from safety.points import Points
from schema.build import build
from schema.published import PUBLISHED
from settings import Settings, set_up_logging, settings
from storage.address import VECTOR, read_grant
from storage.bucket import Bucket
from storage.key import secret
from storage.signature import VIEW_SECONDS

HERE = Path(__file__).parent
CLIENT = HERE / "web" / "dist"
CLIENT_DOCUMENTS = HERE / "web" / "persisted" / "documents.json"
GRAPHIQL = HERE / "web" / "graphiql"
GRAPHIQL_MODULES = HERE / "dev" / "graphiql" / "node_modules"
VECTOR_POINTS = 10
BEARER = "bearer "
PROVING = ("completeLogIn", "logInWithPasskey", "reauthenticate", "confirmTotp", "addPasskey")
LIMITS = Limits(once=frozenset({"logIn", "signUp", *PROVING, *JOB_MUTATIONS}))
CLOSE_SECONDS = 5.0
SECURITY_PAGE = "/settings/security"


@dataclass(slots=True)
class Shared:
    """What lives from start to end of the process; set by the lifespan."""

    house: House | None = None

    def __call__(self) -> House:
        if self.house is None:
            raise RuntimeError("The process has not started yet.")
        return self.house


async def authenticate(connection: HTTPConnection, authorization: str | None) -> Asker:
    """Who asks: a bearer token if one is shown, else the session cookie, else nobody.

    A bearer token that is no good raises Unauthenticated; a cookie that is no good is nobody, so that a browser can sign in.
    """
    if authorization:
        token = authorization[len(BEARER) :].strip() if authorization.lower().startswith(BEARER) else ""
        asker = await asker_by(token, coarse(host_of(connection))) if token else None
        if asker is None:
            raise Unauthenticated("This token is not valid, has expired or was revoked. Sign in for a new one.")
        return asker
    cookie = connection.cookies.get(cookie_name(COOKIE, is_secure(connection)))
    near = coarse(host_of(connection))
    known = await session.identify(cookie, bearer=False, network=near) if cookie else None
    if known is None:
        return NOBODY
    return Asker(known.user_id, known.session_id, known.expires_at, by_cookie=True, is_suspended=known.suspended)


async def charge(shared: Shared, connection: HTTPConnection, asker: Identity | None, points: int) -> Standing | None:
    """Take points from the budget of who asks, or of the address when that is nobody."""
    user_id, session_id = (None, None) if asker is None else (asker.user_id, asker.session_id)
    return await shared().points.charge(user_id, session_id, host_of(connection), points)


def host_of(connection: HTTPConnection) -> str:
    """The address that asks; behind a trusted proxy the one it names."""
    return connection.client.host if connection.client else ""


def make_context(shared: Shared, connection: HTTPConnection, asker: Identity) -> Context:
    """The context of one request or operation."""
    if not isinstance(asker, Asker):
        raise TypeError("The asker is what `authenticate` gave.")
    secure = is_secure(connection)
    browser = connection.cookies.get(cookie_name(BROWSER_COOKIE, secure), "")
    return Context(shared(), asker, connection.headers.get("user-agent", ""), secure, host_of(connection), browser)


@asynccontextmanager
async def lifespan(told: Settings, shared: Shared, sockets: Sockets, runner: Runner) -> AsyncIterator[None]:
    """Open what the process shares, follow the log, and let go of it all in the opposite order."""
    async with AsyncExitStack() as stack:
        await open_database(told.database_url, told.database_pool_size)
        stack.push_async_callback(close_database)
        stack.push_async_callback(runner.drain)
        wire = Wire(told.redis_url)
        stack.push_async_callback(wire.close)
        limit = Limit(told.redis_url)
        stack.push_async_callback(limit.close)
        views = Views(told.redis_url, told.secret_key)
        stack.push_async_callback(views.close)
        bucket = await Bucket.open(told)
        stack.push_async_callback(bucket.close)
        audience = Audience()
        hub = Hub(wire)
        homes = Homes(told.home_lists)

        async def prepare(events: Sequence[Event]) -> None:
            await audience.refresh(events)
            homes.take(events)

        hub.prepare = prepare
        hub.route = audience.homes_hearing

        def revoked(event: Event) -> None:
            sockets.later(_closed(sockets, event))

        hub.tap(topic.SESSIONS, revoked)
        hub.company = runner.groups
        await hub.start()
        homes.start(hub.position)
        stack.push_async_callback(hub.stop)
        if runner.groups is not None:
            runner.groups.place = hub.position
            telling = asyncio.create_task(runner.groups.run())
            stack.push_async_callback(end_tasks, [telling], CLOSE_SECONDS)
        on_commit(functools.partial(wire.publish_soon, POKES, b""))
        stack.callback(forget_commit_hooks)
        writer = Writer.of(told)
        write = writer.write if writer else None
        checks = Checks(told)  # whose child is started by the first upload
        stack.push_async_callback(checks.close)
        credential = credential_of(told)
        anchors = credential.anchors if credential else ""
        examination = Examination(anchors, mark_key_of(told), Tickets(secret(told.secret_key)))
        points = Points(told, limit)
        key = public_key_of(told)
        shared.house = House(
            told, hub, wire, audience, bucket, points, homes, examination, views, write, checks, Provider.of(told), key
        )
        yield
        shared.house = None


async def _closed(sockets: Sockets, event: Event) -> None:
    if event.subject_id is not None:
        await sockets.close_sessions(event.subject_id)


async def healthz(request: Request) -> Response:
    """The process is alive."""
    return PlainTextResponse("ok\n")


async def readyz(request: Request) -> Response:
    """The process can serve: the database answers. Redis and the bucket may be away without stopping reads and writes."""
    try:
        await fetch_value("SELECT 1")
    except AWAY:
        return PlainTextResponse("the database does not answer\n", 503)
    return PlainTextResponse("ready\n")


async def measure(shared: Shared, runner: Runner, sockets: Sockets, answers: Counter[int]) -> list[Metric]:
    """The metrics of this process, with what the database says when it answers."""
    hub, pool = shared().hub, pool_use()
    found = [*of_process(), *of_execution(runner, sockets, answers), *of_hub(hub)]
    in_use = {"busy": pool.busy, "idle": pool.idle}
    found += [
        Metric("fresque_database_connections", "gauge", "Connections of the pool.", in_use, "state"),
        gauge("fresque_database_connections_most", "How many there may be.", pool.most),
        counter(
            "fresque_points_uncounted_total",
            "Requests let in without counting points.",
            shared().points.limit.uncounted,
        ),
    ]
    try:
        beat = await pulse(hub.position)
    except AWAY:
        return [*found, gauge("fresque_database_up", "Whether the database answers.", 0)]
    return [
        *found,
        gauge("fresque_database_up", "Whether the database answers.", 1),
        gauge("fresque_log_pending_events", "Events of the log that this process has not heard of yet.", beat.pending),
        gauge("fresque_log_watermark_seconds", "Age of the oldest transaction that writes.", beat.watermark_seconds),
    ]


async def draw(shared: Shared, connection: HTTPConnection, text: str, grant: str | None) -> bytes | None:
    """The drawing a picture was painted from, if this viewer may have it; it costs points."""
    number = node_id.number_of("image", text)
    viewer_id = read_grant(text, VECTOR, grant, time.time(), shared().settings) if grant else None
    facts = None if number is None or viewer_id is None else await scene_of(viewer_id, number)
    if facts is None:
        return None
    standing = await shared().points.charge(viewer_id, None, host_of(connection), VECTOR_POINTS)
    if standing is not None and not standing.allowed:
        raise RateLimited("Too many drawings were asked for.", retry_after=math.ceil(standing.retry_after))
    try:
        return await drawing_of(facts)
    except NotDrawn as error:
        raise Away from error


async def come(shared: Shared, connection: HTTPConnection, given: Mapping[str, str]) -> Back:
    """Somebody comes back from the outside provider."""
    context = make_context(shared, connection, await authenticate(connection, None))
    return await come_back(context, given, connection.cookies.get(EXTERNAL_COOKIE, ""))


async def admit(shared: Shared, connection: HTTPConnection) -> None:
    """Count one picture that is handed in from there. Raises RateLimited."""
    await shared().points.hand_in(host_of(connection))


async def hand_in(shared: Shared, origins: Origins, connection: HTTPConnection, picture: bytes | str) -> str:
    """A ticket for a picture that somebody hands in, or for one of ours by its id as far as they may see it."""
    asker = NOBODY
    if isinstance(picture, str):
        asker = await authenticate(connection, connection.headers.get("authorization"))
        if (asker.by_cookie and not origins.trusts(connection)) or not may_look(asker):
            asker = NOBODY
    return await handed_in(shared(), asker, picture)


def create_app(told: Settings) -> Starlette:
    """The ASGI application on these settings."""
    mode_of(told.sign_up_mode)  # or we do not start
    shared, sockets = Shared(), Sockets(network_of=network_of)
    schema = build(told.development)
    client = Client(CLIENT, told.bucket_url)
    manifests = [told.trusted_documents, *([str(CLIENT_DOCUMENTS)] if client else [])]
    trusted = load(",".join(manifests), told.trusted_only)
    documents = Documents(schema._schema, LIMITS, told.development, trusted=trusted)
    runner = Runner(schema, documents, groups=Groups(schema._schema))
    context = functools.partial(make_context, shared)
    origins = Origins([told.base_url, *told.allowed_origins.split(",")])
    explored = told.development and GRAPHIQL_MODULES.is_dir()
    graphiql = (GRAPHIQL / "index.html").read_bytes() if explored else None
    front_page = (HERE / "web" / "front.html").read_text()
    favicon = (HERE / "web" / "public" / "favicon.svg").read_bytes()

    async def front(request: Request) -> Response:
        return HTMLResponse(front_page, headers={"Content-Security-Policy": FRONT_POLICY})

    async def icon(request: Request) -> Response:
        return Response(favicon, 200, {"Cache-Control": "public, max-age=86400"}, "image/svg+xml")

    async def not_found(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        page = (without_slash(request, routes) or client.missing(request)) if status == 404 else None
        headers = {"Cache-Control": "no-cache", "Vary": "Accept"}
        return page or Response(orjson.dumps({"status": status}), status, headers, "application/json")

    gate = functools.partial(charge, shared)
    profile = profile_of(told.http_profile)
    answers: Counter[int] = Counter()
    looking = access(told.metrics_from, told.metrics_token, bool(told.trusted_proxies))
    scrape = Scrape(functools.partial(measure, shared, runner, sockets, answers), looking)
    endpoint = HttpEndpoint(
        runner,
        authenticate,
        context,
        origins,
        graphiql,
        gate=gate,
        sockets=sockets,
        profile=profile,
        challenge=oauth.challenge(told.base_url),
    )
    admitting = functools.partial(admit, shared)
    taking = HandIn(told.upload_max_bytes, admitting, functools.partial(hand_in, shared, origins))
    published = oauth.published(told.base_url, told.app_registrations > 0)
    routes: list[BaseRoute] = [
        Route("/graphql", endpoint),
        Route("/graphql/{document_id}", endpoint),
        *(
            Route(f"/{name}", Published(functools.partial(make, schema), media_type).answer)
            for name, (make, media_type) in PUBLISHED.items()
        ),
        *Pictures(functools.partial(lead, shared), VIEW_SECONDS, functools.partial(draw, shared)).routes,
        Route("/verify", taking, methods=["POST"]),
        *OAuth(*oauth.answering(shared), published).routes,
        ExternalLogin(functools.partial(come, shared)).route,
        MailStop(functools.partial(digest.stop_by, told.secret_key)).route,
        *WellKnown(contacts(told.security_contact), told.base_url, SECURITY_PAGE if client else "").routes,
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", scrape.answer),
        *client.routes(),
        Route("/", front),
        Route("/favicon.svg", icon),
    ]
    if explored:
        routes.append(Mount("/graphiql/modules", StaticFiles(directory=GRAPHIQL_MODULES)))
        routes.append(Mount("/graphiql", StaticFiles(directory=GRAPHIQL)))

    @asynccontextmanager
    async def life(app: Starlette) -> AsyncIterator[None]:
        async with lifespan(told, shared, sockets, runner):
            app.state.house, app.state.sockets, app.state.shared = shared(), sockets, shared
            app.state.groups = runner.groups
            yield

    secure = told.base_url.startswith("https:")
    around = [
        Middleware(Requests, counts=answers),
        Middleware(Armour, open_paths=OPEN_PATHS, secure=secure),
        Middleware(Cors, origins=origins, methods=profile.methods),
        Middleware(Faults, away=AWAY),
    ]
    handlers = {HTTPException: not_found}
    application = Application(secure, routes=routes, lifespan=life, middleware=around, exception_handlers=handlers)
    application.door = SocketEndpoint(runner, authenticate, context, origins, sockets, gate=gate)
    return application


if __name__ == "__main__":
    set_up_logging()
    application = create_app(settings())
    garbage.settle()
    serve(application, settings())
