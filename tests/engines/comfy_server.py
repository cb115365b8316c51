"""A server that speaks as ComfyUI does, in a new version (jobs, names of ours) or an old one. It is told what to do in the prompt."""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any
from uuid import UUID, uuid4

from aiohttp import web

from tests.engines.loopback import application, png

GRAPH: dict[str, Any] = {
    "3": {"class_type": "KSampler", "inputs": {"seed": 1, "steps": 20, "denoise": 1.0, "model": ["4", 0]}},
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "tiny.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 512, "height": 512, "batch_size": 1}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "", "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "", "clip": ["4", 1]}},
    "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "fresque", "images": ["3", 0]}},
    "10": {"class_type": "LoadImage", "inputs": {"image": "none.png"}},
    "11": {"class_type": "LoadImageMask", "inputs": {"image": "none.png", "channel": "alpha"}},
}
NEW, OLD = "0.36.0", "0.3.40"


class ComfyServer:
    """What was handed in, uploaded, cancelled; and the sockets by client id. `work` is what runs or waits, by id."""

    def __init__(self, version: str = NEW) -> None:
        self.version = version
        self.new = version == NEW
        self.handed_in: list[dict[str, Any]] = []
        self.uploads: dict[str, bytes] = {}
        self.calls: list[str] = []
        self.work: dict[str, dict[str, Any]] = {}
        self.history: dict[str, dict[str, Any]] = {}
        self.sockets: dict[str, web.WebSocketResponse] = {}
        self.hellos = 0
        self.opened = 0
        self.at_work = asyncio.Event()
        self.go_on = asyncio.Event()
        self.cancelled = asyncio.Event()
        self.picture = png(512, 512, "#884422")
        self._tasks: set[asyncio.Task[None]] = set()

    def application(self) -> web.Application:
        """The routes."""
        found = application()
        for method, path, handler in (
            ("GET", "/ws", self._socket),
            ("POST", "/prompt", self._prompt),
            ("GET", "/system_stats", self._stats),
            ("GET", "/history/{id}", self._history),
            ("GET", "/queue", self._queue),
            ("POST", "/queue", self._unqueue),
            ("POST", "/interrupt", self._interrupt),
            ("POST", "/upload/image", self._upload),
            ("GET", "/view", self._view),
        ):
            found.router.add_route(method, path, handler)
        if self.new:
            found.router.add_get("/api/jobs/{id}", self._job)
            found.router.add_post("/api/jobs/{id}/cancel", self._cancel)
        return found

    async def _stats(self, request: web.Request) -> web.Response:
        return web.json_response({"system": {"comfyui_version": self.version, "argv": ["main.py"]}, "devices": []})

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        self.opened += 1
        if self.opened == 1 and any("no-socket" in name for name in self.calls):
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        client = request.query["clientId"]
        self.sockets[client] = socket
        await socket.send_json(
            {"type": "status", "data": {"status": {"exec_info": {"queue_remaining": 0}}, "sid": client}}
        )
        async for message in socket:
            self.hellos += json.loads(message.data)["data"]["supports_preview_metadata"]
        return socket

    async def _prompt(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.handed_in.append(body)
        words = set(str(body["prompt"]["6"]["inputs"]["text"]).split())
        if "missing" in words:
            error = {
                "type": "missing_node_type",
                "message": "Node 'Fancy' not found",
                "details": "Node ID '#14'",
                "extra_info": {},
            }
            return web.json_response({"error": error, "node_errors": {}}, status=400)
        name = body["prompt_id"] if self.new else str(uuid4())
        assert str(UUID(name)) == name
        self.work[name] = {"client": body["client_id"], "words": words, "running": False, "graph": body["prompt"]}
        task = asyncio.create_task(self._run(name))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return web.json_response({"prompt_id": name, "number": 1, "node_errors": {}})

    async def _say(self, name: str, kind: str, **told: Any) -> None:
        socket = self.sockets.get(self.work[name]["client"])
        if socket is not None and not socket.closed:
            await socket.send_json({"type": kind, "data": {"prompt_id": name, **told}})

    async def _show(self, name: str, frame: bytes) -> None:
        socket = self.sockets.get(self.work[name]["client"])
        if socket is not None and not socket.closed:
            await socket.send_bytes(frame)

    async def _run(self, name: str) -> None:
        work = self.work[name]
        words = work["words"]
        if "wait" in words:  # in the queue
            self.at_work.set()
            await self.go_on.wait()
        if name not in self.work:
            return
        work["running"] = True
        await self._say(name, "execution_start", timestamp=1)
        await self._say(name, "execution_cached", nodes=["4"])
        await self._say(name, "executing", node="3")
        shown = png(64, 64, "#112233")
        await self._show(name, struct.pack(">II", 1, 2) + shown)
        await self._show(name, struct.pack(">II", 3, 0) + b"text")
        await self._show(name, b"\x00\x00")
        about = json.dumps({"node_id": "3", "prompt_id": name, "image_type": "image/png"}).encode()
        await self._show(name, struct.pack(">II", 4, len(about)) + about + shown)
        await self._say(name, "progress", node="3", value=10, max=20)
        await self._say(
            name,
            "progress_state",
            nodes={"3": {"state": "running", "value": 15, "max": 20}, "4": {"state": "finished"}},
        )
        await self._say("x" if "x" in self.work else name, "status", status={})
        if "drop" in words:
            await self.sockets.pop(work["client"]).close()
        if words & {"hold", "drop"}:
            self.at_work.set()
            await self.go_on.wait()
        if name not in self.work:
            return
        if "restart" in words:
            self.work.clear()
            return
        if "fail" in words or ("fail-first" in words and len(self.handed_in) == 1):
            error = {
                "node_id": "3",
                "node_type": "KSampler",
                "exception_message": "CUDA out of\nmemory.",
                "prompt_id": name,
            }
            await self._end(name, "execution_error", error)
        elif "stop" in words:
            await self._end(name, "execution_interrupted", {"node_id": "3", "prompt_id": name})
        else:
            await self._say(name, "executed", node="9", output={"images": []})
            await self._end(name, "execution_success", {"prompt_id": name})

    async def _end(self, name: str, kind: str, told: dict[str, Any]) -> None:
        ok = kind == "execution_success"
        images = [
            {"filename": "seen_0001.png", "subfolder": "", "type": "temp"},
            {"filename": "made_0001.png", "subfolder": "a", "type": "output"},
        ]
        outputs: dict[str, Any] = (
            {"8": {"images": images[:1]}, "9": {"images": images[1:], "animated": [False]}} if ok else {}
        )
        if "nothing" in self.work[name]["words"]:
            outputs = {"9": {"text": ["no picture"]}}
        self.history[name] = {
            "prompt": [1, name, {}, {}, ["9"]],
            "outputs": outputs,
            "status": {
                "status_str": "success" if ok else "error",
                "completed": ok,
                "messages": [["execution_start", {}], [kind, told]],
            },
        }
        await self._say(name, kind, **{key: value for key, value in told.items() if key != "prompt_id"})
        await self._say(name, "executing", node=None)
        del self.work[name]

    async def _job(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        self.calls.append("job")
        if name in self.history:
            entry = self.history[name]
            kind, told = entry["status"]["messages"][-1]
            found = {"execution_success": "completed", "execution_error": "failed"}.get(kind, "cancelled")
            more = {"execution_error": told} if kind == "execution_error" else {}
            return web.json_response({"id": name, "status": found, "outputs": entry["outputs"], **more})
        if name in self.work:
            return web.json_response({"id": name, "status": "in_progress" if self.work[name]["running"] else "pending"})
        return web.json_response({"error": "Job not found"}, status=404)

    async def _history(self, request: web.Request) -> web.Response:
        self.calls.append("history")
        name = request.match_info["id"]
        return web.json_response({name: self.history[name]} if name in self.history else {})

    async def _queue(self, request: web.Request) -> web.Response:
        items = [[1, name, {}, {"client_id": work["client"]}, ["9"]] for name, work in self.work.items()]
        running = [item for item in items if self.work[str(item[1])]["running"]]
        return web.json_response(
            {"queue_running": running, "queue_pending": [item for item in items if item not in running]}
        )

    async def _cancel(self, request: web.Request) -> web.Response:
        self.calls.append("cancel")
        return web.json_response({"cancelled": self._drop(request.match_info["id"])})

    async def _unqueue(self, request: web.Request) -> web.Response:
        self.calls.append("delete")
        for name in (await request.json())["delete"]:
            if name in self.work and not self.work[name]["running"]:
                self._drop(name)
        return web.Response()

    async def _interrupt(self, request: web.Request) -> web.Response:
        self.calls.append("interrupt")
        self._drop((await request.json())["prompt_id"])
        return web.Response()

    def _drop(self, name: str) -> bool:
        found = self.work.pop(name, None)
        if found is not None:
            self.cancelled.set()
            self.go_on.set()
        return found is not None

    async def _upload(self, request: web.Request) -> web.Response:
        form = await request.post()
        file = form["image"]
        assert isinstance(file, web.FileField)
        assert (form["type"], form["overwrite"], form["subfolder"]) == ("input", "true", "fresque")
        self.uploads[f"fresque/{file.filename}"] = file.file.read()
        return web.json_response({"name": file.filename, "subfolder": "fresque", "type": "input"})

    async def _view(self, request: web.Request) -> web.Response:
        assert dict(request.query) == {"filename": "made_0001.png", "subfolder": "a", "type": "output"}
        return web.Response(body=self.picture, content_type="image/png")
