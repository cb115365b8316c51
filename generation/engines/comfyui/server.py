"""One ComfyUI server over HTTP: hand work in, ask how it is, take it back, move pictures. Old and new versions alike.

From 0.26 on work is asked for and cancelled by its id under `/api/jobs`; before, by looking through queue and history.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import aiohttp

from generation.engine import EngineError
from generation.engines.encoded import part, picture
from generation.engines.refusal import bad_answer, refusal, tidy
from generation.engines.remote import Answer, Remote

JOBS_SINCE = (0, 26)
HEALTH_SECONDS = 3.0
ASK_SECONDS = 15.0
CANCEL_SECONDS = 2.0
FOLDER = "fresque"
LONGEST_WORDS = 300
_VERSION = re.compile(r"v?(\d+)\.(\d+)")
log = logging.getLogger(__name__)


class Standing(Enum):
    """Where work is at the server."""

    PENDING = "pending"
    RUNNING = "in_progress"
    DONE = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class State:
    """What a server says of some work: `outputs` by node once it is done, `error` what `execution_error` told."""

    standing: Standing
    outputs: Mapping[str, Any] = field(default_factory=dict)
    error: Mapping[str, Any] = field(default_factory=dict)


class ComfyServer:
    """A server, and whether its version is asked by job. Every method raises EngineError."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote
        self._has_jobs: bool | None = None

    async def healthy(self) -> bool:
        """Whether it answers; learns its version on the way."""
        try:
            stats = await self.remote.get("/system_stats", seconds=HEALTH_SECONDS)
        except EngineError:
            return False
        system = stats.body.get("system") if isinstance(stats.body, dict) else None
        if stats.status != 200 or not isinstance(system, dict):
            return False
        version = _VERSION.match(str(system.get("comfyui_version", "")))
        self._has_jobs = version is not None and (int(version[1]), int(version[2])) >= JOBS_SINCE
        return True

    async def submit(self, graph: Mapping[str, Any], name: str, client: str) -> str:
        """Hand a graph in; gives the id it goes by, which is `name` unless the server is too old to be told one."""
        answer = await self.remote.post("/prompt", {"prompt": graph, "prompt_id": name, "client_id": client})
        body = answer.body if isinstance(answer.body, dict) else {}
        if answer.status == 400:
            raise EngineError("bad_workflow", f"The engine cannot run its workflow: {_why(body)}.")
        if answer.status != 200:
            raise refusal(answer.status, answer.body, answer.headers)
        if body.get("node_errors"):
            log.warning("a workflow runs in part only: %s", _nodes(body["node_errors"]))
        given = body.get("prompt_id")
        if not isinstance(given, str) or not given:
            raise bad_answer("it holds no prompt_id")
        return given

    async def state(self, name: str) -> State | None:
        """Where the work of this id is; None when the server knows nothing of it."""
        if self._has_jobs is None:
            await self.healthy()
        if self._has_jobs:
            answer = await self.remote.get(f"/api/jobs/{name}", seconds=ASK_SECONDS)
            if answer.status == 404:
                return None
            body = _table(answer)
            try:
                standing = Standing(body.get("status"))
            except ValueError as error:
                raise bad_answer("it knows another state of work") from error
            return State(standing, body.get("outputs") or {}, body.get("execution_error") or {})
        entry = _table(await self.remote.get(f"/history/{name}", seconds=ASK_SECONDS)).get(name)
        if isinstance(entry, dict):
            return _remembered(entry)
        queue = _table(await self.remote.get("/queue", seconds=ASK_SECONDS))
        for key, standing in (("queue_running", Standing.RUNNING), ("queue_pending", Standing.PENDING)):
            if any(item[1] == name for item in queue.get(key) or () if isinstance(item, list) and len(item) > 1):
                return State(standing)
        return None

    async def cancel(self, name: str, client: str) -> None:
        """Take work back, waiting or running. What is not reached in a moment is left: nobody waits for it.

        An old server gives its own ids, and may have taken work whose id did not arrive: it is known by the client's.
        """
        try:
            if self._has_jobs:
                await self.remote.post(f"/api/jobs/{name}/cancel", {}, seconds=CANCEL_SECONDS)
                return
            queue = _table(await self.remote.get("/queue", seconds=CANCEL_SECONDS))
            for key in ("queue_pending", "queue_running"):
                for item in queue.get(key) or ():
                    if isinstance(item, list) and len(item) > 3 and _belongs(item, name, client):
                        path, body = (
                            ("/queue", {"delete": [item[1]]})
                            if key == "queue_pending"
                            else ("/interrupt", {"prompt_id": item[1]})
                        )
                        await self.remote.post(path, body, seconds=CANCEL_SECONDS)
        except EngineError as error:
            log.warning("work %s was not taken back: %s", name, error.message)

    async def upload(self, data: bytes) -> str:
        """Put a picture into the server's input folder; gives its name as a node wants it. The same twice is one file."""
        file_name, content, kind = part(hashlib.sha256(data).hexdigest()[:32], data)
        form = aiohttp.FormData()
        form.add_field("image", content, filename=file_name, content_type=kind)
        for key, value in (("type", "input"), ("subfolder", FOLDER), ("overwrite", "true")):
            form.add_field(key, value)
        answer = await self.remote.post("/upload/image", form)
        if answer.status != 200:
            raise refusal(answer.status, answer.body, answer.headers)
        body = _table(answer)
        name, folder = body.get("name"), body.get("subfolder")
        if not isinstance(name, str) or not name:
            raise bad_answer("it holds no name of what was uploaded")
        return f"{folder}/{name}" if folder else name

    async def picture(self, outputs: Mapping[str, Any], node: str | None) -> bytes:
        """The first picture of a node, or of any: what was saved comes before what was only shown."""
        found = [
            item
            for key, output in outputs.items()
            if (node is None or key == node) and isinstance(output, dict)
            for item in output.get("images") or ()
            if isinstance(item, dict) and item.get("filename")
        ]
        if not found:
            raise bad_answer("the workflow ended without a picture")
        first = next((item for item in found if item.get("type") == "output"), found[0])
        params = {key: str(first.get(key) or "") for key in ("filename", "subfolder", "type")}
        return picture(await self.remote.picture(f"{self.remote.address}/view", params))


def failed(error: Mapping[str, Any]) -> EngineError:
    """What `execution_error` means: the words of the node that stopped."""
    where = str(error.get("node_type") or error.get("node_id") or "a node")
    why = tidy(str(error.get("exception_message") or "it did not say why"))
    return EngineError("engine_failed", f"The engine stopped at {where}: {why.rstrip('.')}.")


def _remembered(entry: Mapping[str, Any]) -> State:
    """An entry of the history: failed and interrupted look alike but for the last message."""
    status = entry.get("status") or {}
    said = {m[0]: m[1] for m in status.get("messages") or () if isinstance(m, list) and len(m) > 1}
    outputs = entry.get("outputs") or {}
    if status.get("status_str") != "error":
        return State(Standing.DONE, outputs)
    if "execution_interrupted" in said:
        return State(Standing.CANCELLED, outputs)
    error = said.get("execution_error")
    return State(Standing.FAILED, outputs, error if isinstance(error, dict) else {})


def _belongs(item: list[Any], name: str, client: str) -> bool:
    """Whether an entry of the queue is the work of this id, or was handed in by this client."""
    return item[1] == name or (isinstance(item[3], dict) and item[3].get("client_id") == client)


def _table(answer: Answer) -> Mapping[str, Any]:
    if answer.status > 299:
        raise refusal(answer.status, answer.body, answer.headers)
    if not isinstance(answer.body, dict):
        raise bad_answer("it is no object")
    return answer.body


def _why(body: Mapping[str, Any]) -> str:
    """What does not fit about a workflow, in the server's words."""
    error = body.get("error")
    words = (
        [str(error.get(key) or "") for key in ("message", "details")] if isinstance(error, dict) else [str(error or "")]
    )
    return tidy(": ".join(word for word in words if word)).rstrip(".") or "it did not say why"


def _nodes(errors: object) -> str:
    """The nodes with errors, and of what kind they are; what they were given may be a prompt."""
    table = errors if isinstance(errors, dict) else {}
    kinds = [
        f"{str(node.get('class_type'))[:60]!r}: {str(fault.get('type'))[:60]!r}"
        for node in table.values()
        if isinstance(node, dict)
        for fault in node.get("errors") or ()
        if isinstance(fault, dict)
    ]
    return ", ".join(kinds)[:LONGEST_WORDS]
