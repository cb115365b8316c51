"""The embedded stack: it starts, keeps, restarts in pieces, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import asyncpg
import psutil
import pytest
from redis.asyncio import Redis

from dev import ports
from dev.child import Child, StartFailed, are_gone
from dev.stack import HomeTaken, Parts, Stack
from settings import Settings, read

HERE = Path(__file__).parent.parent


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder where PostgreSQL's account may go."""
    folder = Path(tempfile.mkdtemp(prefix="fresque-test-"))
    yield folder
    Stack(folder).remove()


async def test_environment_is_what_settings_read(stack: Stack) -> None:
    environment = stack.environment()
    found = read(environment)
    assert found.database_url == stack.postgres.url
    assert len(found.secret_key) >= 32
    connection = await asyncpg.connect(found.database_url)
    version = await connection.fetchval("show server_version_num")
    await connection.close()
    assert int(version) >= 180_000
    async with Redis.from_url(found.redis_url) as redis:
        assert await redis.ping()
    names = {name for name in environment if name != "FRESQUE_HOME"}
    assert names <= {name.upper() for name in Settings.__dataclass_fields__}


async def test_everything_listens_on_loopback_alone(stack: Stack) -> None:
    listening = _listening(*stack.pids())
    assert {address for address, _ in listening} == {ports.LOOPBACK}
    assert len(listening) == 10  # PostgreSQL, Valkey, four of SeaweedFS with a gRPC port each


async def test_passwords_are_asked_for(stack: Stack) -> None:
    address = f"{ports.LOOPBACK}:{stack.postgres.port}"
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(f"postgres://fresque:wrong@{address}/fresque")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(f"postgres://postgres:wrong@{address}/postgres")
    with socket.create_connection((ports.LOOPBACK, stack.redis.port), timeout=60) as wire:
        wire.sendall(b"PING\r\n")
        assert wire.recv(64).startswith(b"-NOAUTH")
    with socket.create_connection((ports.LOOPBACK, stack.s3.port), timeout=60) as wire:
        wire.sendall(b"GET /fresque/ HTTP/1.0\r\n\r\n")
        assert b" 403 " in wire.recv(64)


def test_no_port_of_seaweedfs_serves_a_page_of_a_stranger(stack: Stack) -> None:
    bucket, body, name = stack.s3.fresh_bucket("besieged"), os.urandom(32).hex().encode(), os.urandom(8).hex()
    for key in ("known", name):
        assert stack.s3.request("PUT", f"{bucket}/{key}", body)[0] == 200
    listing, chunk = stack.s3.request("GET", bucket), _chunk(stack, bucket, body)
    assert name.encode() in listing[1]
    # For SeaweedFS a GET is enough to hand out permits for a chunk, and to end all that a bucket holds.
    paths = f"""/{bucket}/ /buckets/{bucket}/ /{bucket}/known /buckets/{bucket}/known /buckets/{bucket}/known?metadata=true
        /{chunk} /?proxyChunkId={chunk} /dir/lookup?fileId={chunk} /dir/lookup?fileId={chunk}&read=yes /dir/assign /submit
        /vol/grow /vol/status /dir/status / /status /ui/index.html /col/delete?collection={bucket}""".split()
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="planted"\r\n\r\nplanted\r\n--x--\r\n'
    master, volume, _, gateway = stack.s3.ports
    # What they tell anyone is sizes and addresses; the gateway's page is empty.
    pages = {(master, "/"), (master, "/ui/index.html"), (volume, "/status"), (gateway, "/status")}
    assert stack.s3.pid is not None
    listening = {port for _, port in _listening(stack.s3.pid)}
    assert listening == {port + offset for port in stack.s3.ports for offset in (0, ports.GRPC_OFFSET)}
    for port, method, path in itertools.product(listening, ("OPTIONS", "GET", "POST", "PUT", "DELETE"), paths):
        answer = _ask_as_a_page(port, method, path, form if method in ("POST", "PUT") else None)
        if answer is None:  # gRPC hangs up on what is not HTTP/2
            assert port not in stack.s3.ports
            continue
        status, headers, text = answer
        said = f"{port} of {stack.s3.ports}: {method} {path}: {status} {text[:200]!r}"
        assert status >= 400 or method == "OPTIONS" or (port, path.partition("?")[0]) in pages, said
        assert body not in text, said
        assert name.encode() not in text, said
        assert "Authorization" not in headers, said
        if "Access-Control-Allow-Origin" in headers:  # on refusals of the volume server, and by the bucket's own rule
            assert port in (volume, gateway), said
            assert method == "OPTIONS" or status >= 400 or (port, path) == (gateway, "/status"), said
    assert stack.s3.request("GET", bucket) == listing
    for key in ("known", name):
        assert stack.s3.request("GET", f"{bucket}/{key}") == (200, body)


def test_secrets_are_for_the_owner_alone(stack: Stack) -> None:
    for name in ("secrets.json", "seaweed.json", "seaweed/security.toml"):
        assert stat.S_IMODE((stack.home / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((stack.home / "valkey").stat().st_mode) == 0o700


async def test_fresh_database_is_empty_and_ours(stack: Stack) -> None:
    connection = await asyncpg.connect(stack.postgres.fresh_database("trial"))
    await connection.execute("create table kept (x int)")
    await connection.close()
    connection = await asyncpg.connect(stack.postgres.fresh_database("trial"))
    assert await connection.fetchval("select to_regclass('kept')") is None
    await connection.close()


async def test_pieces_come_back_where_they_were(stack: Stack) -> None:
    connection = await asyncpg.connect(stack.postgres.fresh_database("trial"))
    await connection.execute("create table kept (x int)")
    await connection.close()
    url = stack.postgres.database_url("trial")
    for server in (stack.postgres, stack.redis, stack.s3):
        port, pid = server.port, server.pid
        assert pid is not None
        server.kill()
        assert server.pid is None
        assert not psutil.pid_exists(pid)
        assert ports.is_free(port)
        server.start()
        assert server.port == port
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("select count(*) from kept") == 0
    await connection.close()
    async with Redis.from_url(stack.redis.url) as redis:
        assert await redis.ping()


def test_a_second_start_finds_its_data_again_on_other_ports_too(home: Path) -> None:
    with Stack(home) as first:
        secrets = first.environment()
        first.postgres.execute("create table kept (x int)", "fresque")
        pids = first.pids()
        assert _object(first, "kept", b"bytes") == b"bytes"
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert not (home / "run").exists() or not list((home / "run").iterdir())
    taken = json.loads((home / "ports.json").read_text())["master"]
    with socket.create_server((ports.LOOPBACK, taken)), Stack(home) as second:
        assert second.s3.ports[0] != taken
        assert second.environment()["S3_SECRET_KEY"] == secrets["S3_SECRET_KEY"]
        assert second.postgres.execute("select count(*) from kept", "fresque") == "0"
        assert _object(second, "kept") == b"bytes"


def test_one_home_has_one_stack(stack: Stack) -> None:
    with pytest.raises(HomeTaken, match=str(os.getpid())):
        Stack(stack.home).start()
    assert len(stack.pids()) == 3


def test_parts_that_are_elsewhere_are_not_started(home: Path) -> None:
    with Stack(home, durable=False, parts=Parts(postgres=False, s3=False)) as partial:
        assert len(partial.pids()) == 1
        assert set(partial.environment()) == {
            "FRESQUE_HOME",
            "SECRET_KEY",
            "SIGNING_FOLDER",
            "MAIL_FOLDER",
            "REDIS_URL",
            "VAPID_KEY",
        }


def test_a_killed_runner_leaves_nothing(home: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from dev.stack import Stack\n"
        "stack = Stack(Path(sys.argv[1]), durable=False); stack.start(); print(*stack.pids(), flush=True)\n"
        "sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(home)]
    with subprocess.Popen(command, cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as runner:
        assert runner.stdout is not None
        servers = [psutil.Process(int(pid)) for pid in runner.stdout.readline().split()]
        assert len(servers) == 3
        family = [member for server in servers for member in (server, *server.children(recursive=True))]
        runner.send_signal(signal.SIGKILL)
    assert are_gone(family, 60)
    with Stack(home, durable=False) as again:
        assert len(again.pids()) == 3


def test_a_stale_pid_file_ends_ours_and_spares_strangers(home: Path) -> None:
    def sleeper(word: str) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()", word]
        started = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert started.stdout is not None
        started.stdout.readline()  # it runs, and the system knows its command line
        return started

    child = Child("trial", home, end_signal=signal.SIGTERM, orphan_signal=signal.SIGTERM, grace_seconds=5)
    (home / "run").mkdir()
    with sleeper("stranger") as stranger, sleeper(str(home)) as ours:
        try:
            for process in (stranger, ours):
                (home / "run" / "trial.pid").write_text(str(process.pid))
                child.sweep()
                assert not (home / "run" / "trial.pid").exists()
            assert ours.wait(60) == -signal.SIGTERM
            assert stranger.poll() is None
        finally:
            ours.kill()
            stranger.kill()


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    child = Child("trial", home, end_signal=signal.SIGTERM, orphan_signal=signal.SIGTERM, grace_seconds=5)
    child.spawn([sys.executable, "-c", "raise SystemExit('no such luck')"], home, dict(os.environ))
    with pytest.raises(StartFailed, match="no such luck"):
        child.wait_until(lambda: False, 20)


def _object(stack: Stack, key: str, body: bytes | None = None) -> bytes:
    """Put `body` when given, then get what the bucket holds under `key`."""
    if body is not None:
        assert stack.s3.request("PUT", f"fresque/{key}", body)[0] == 200
    status, found = stack.s3.request("GET", f"fresque/{key}")
    assert status == 200
    return found


def _chunk(stack: Stack, bucket: str, body: bytes) -> str:
    """The file id under which the volume server holds `body`: what an attacker who knows everything but keys would ask for."""
    for volume in (stack.home / "seaweed").glob(f"{bucket}_*.dat"):
        held = volume.read_bytes()
        if (at := held.find(body)) >= 0:  # before it lie cookie (4 bytes), id (8), size (4), size of the data (4)
            cookie, number = held[at - 20 : at - 16], int.from_bytes(held[at - 16 : at - 8])
            return f"{volume.stem.rpartition('_')[2]},{number:02x}{cookie.hex()}"
    raise AssertionError("no volume holds it")


def _listening(*pids: int) -> set[tuple[str, int]]:
    """The addresses on which processes and their children listen, as the kernel says. Children of PostgreSQL come and go."""
    family = [member for pid in pids for member in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))]
    found: set[tuple[str, int]] = set()
    for member in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            listening = [one for one in member.net_connections("inet") if one.status == psutil.CONN_LISTEN]
            found |= {(one.laddr.ip, one.laddr.port) for one in listening}
    return found


def _ask_as_a_page(port: int, method: str, path: str, body: bytes | None) -> tuple[int, Message, bytes] | None:
    """What a browser would get for a page of a stranger: status, headers, body; nothing when it is hung up on."""
    headers = {"Host": "evil.example", "Origin": "http://evil.example", "Accept": "application/json"}
    headers |= {"Access-Control-Request-Method": "DELETE"} if method == "OPTIONS" else {}
    headers |= {"Content-Type": "multipart/form-data; boundary=x"} if body is not None else {}
    with contextlib.closing(http.client.HTTPConnection(ports.LOOPBACK, port, timeout=60)) as wire:
        try:
            wire.request(method, path, body, headers)
            answer = wire.getresponse()
            return answer.status, answer.headers, answer.read()
        except (http.client.BadStatusLine, ConnectionError):
            return None
