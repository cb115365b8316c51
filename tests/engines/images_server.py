"""A server that speaks OpenAI's Images API as its client expects it: streams, refusals in every shape, and mishaps."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from typing import Any

from aiohttp import web

from tests.engines.loopback import Asked, application, png, read

REQUEST_ID = "req_loopback_0001"
USAGE = {
    "input_tokens": 12,
    "input_tokens_details": {"text_tokens": 12, "image_tokens": 0},
    "output_tokens": 272,
    "total_tokens": 284,
}
MODERATED = {
    "message": "Your request was rejected by the safety system. safety_violations=[sexual,violence].",
    "type": "image_generation_user_error",
    "param": None,
    "code": "moderation_blocked",
}
ECHO = "echo a canary that nobody else may read\nERROR root: somebody was here"
PLACES = (
    "/srv/models/secret/fox.gguf",
    "http://gpu-7.internal:9000/v1",
    "10.1.2.3:8188",
    "localhost:1234",
    "gpu-7.internal",
)
HEADERS = {"x-request-id": REQUEST_ID}


def failure(code: str, message: str = "No.", **more: Any) -> dict[str, Any]:
    """An error body as OpenAI has it."""
    return {"error": {"message": message, "type": "image_generation_error", "param": None, "code": code, **more}}


REFUSALS: dict[str, tuple[int, Any, dict[str, str]]] = {
    "busy": (429, failure("rate_limit_exceeded"), {"retry-after": "7"}),
    "busy-ms": (429, failure("rate_limit_exceeded"), {"retry-after-ms": "2500", "retry-after": "9"}),
    "unpaid": (429, failure("insufficient_quota"), {}),
    "broken": (500, failure("server_error"), {}),
    "stop": (500, failure("server_error"), {"x-should-retry": "false"}),
    "gateway": (504, "<html>time-out</html>", {}),
    "locked": (401, failure("invalid_api_key", "Incorrect API key provided: sk-abcdef123456."), {}),
    "wrong": (400, failure("invalid_image_file", "The file of org-abcdefgh is no image."), {}),
    "input": (
        400,
        {"error": MODERATED | {"moderation_details": {"moderation_stage": "input", "categories": ["violence"]}}},
        {},
    ),
    "violations": (400, {"error": MODERATED}, {}),
    "text": (400, {"error": "prompt is required"}, {}),
    "text-500": (500, {"error": "out of memory"}, {}),
    "detail": (422, {"detail": [{"loc": ["body", "size"], "msg": "size is too large", "type": "value_error"}]}, {}),
    "detail-text": (400, {"detail": "no such model"}, {}),
    "local": (500, {"error": {"code": 500, "message": "could not load model", "type": ""}}, {}),
    "echo": (422, {"detail": [{"msg": f"it was: {ECHO}", "input": ECHO}], "error": {"message": f"it was: {ECHO}"}}, {}),
    "places": (400, {"error": f"no {PLACES[0]} at {PLACES[1]} ({PLACES[2]}), asked {PLACES[3]} and {PLACES[4]}"}, {}),
    "redirect": (307, "", {"location": "http://127.0.0.1:9/elsewhere"}),
}


class ImagesServer:
    """What was asked, and the bytes that were answered last. The first word that names a behaviour is obeyed."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.picture = png(1024, 1024, signed=True)
        self.begun = asyncio.Event()
        self.gone = asyncio.Event()
        self.url_base = ""

    def application(self) -> web.Application:
        """The routes."""
        found = application()
        found.router.add_post("/v1/images/generations", self._answer)
        found.router.add_post("/v1/images/edits", self._answer)
        found.router.add_get("/files/{name}", self._file)
        return found

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        asked = await read(request)
        self.asked.append(asked)
        for word, (status, body, headers) in REFUSALS.items():
            if word in asked.words:
                text = body if isinstance(body, str) else json.dumps(body)
                kind = "text/html" if isinstance(body, str) else "application/json"
                return web.Response(status=status, text=text, content_type=kind, headers=HEADERS | headers)
        if "once" in asked.words and len(self.asked) == 1:
            return web.json_response(failure("server_error"), status=503, headers=HEADERS | {"retry-after": "0.01"})
        if "hang-up" in asked.words:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if "silent" in asked.words:
            return await self._silence()
        if str(asked.fields.get("stream", "")).lower() == "true":
            return await self._stream(request, asked)
        return self._whole(asked)

    async def _silence(self) -> web.Response:
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.gone.set()
        return web.Response()

    def _whole(self, asked: Asked) -> web.Response:
        if "garbage" in asked.words:
            return web.Response(body=b'{"data": [{"b64', content_type="application/json", headers=HEADERS)
        if "page" in asked.words:
            return web.Response(text="<html>welcome</html>", content_type="text/html")
        if "empty" in asked.words:
            return web.json_response({"created": 1, "data": []}, headers=HEADERS)
        data: dict[str, Any] = {"b64_json": b64encode(self.picture).decode()}
        if "no-picture" in asked.words:
            data = {"b64_json": b64encode(b"no picture at all").decode()}
        if "url" in asked.words:
            data = {"url": f"{self.url_base}/files/picture.png", "b64_json": None}
        if "relative" in asked.words:
            data = {"url": "/files/picture.png"}
        if "data-url" in asked.words:
            data = {"url": f"data:image/png;base64,{b64encode(self.picture).decode()}"}
        if "strange-url" in asked.words:
            data = {"url": "http://127.0.0.2:80/files/picture.png"}
        if "file-url" in asked.words:
            data = {"url": "file:///etc/passwd"}
        for word in ("endless", "moved", "lost-file", "late-file"):
            if word in asked.words:
                data = {"url": f"{self.url_base}/files/{word}"}
        body = {
            "created": 1,
            "data": [data],
            "output_format": "png",
            "quality": "low",
            "size": "1024x1024",
            "usage": USAGE,
        }
        return web.json_response(body, headers=HEADERS)

    async def _stream(self, request: web.Request, asked: Asked) -> web.StreamResponse:
        answer = web.StreamResponse(headers=HEADERS | {"content-type": "text/event-stream"})
        await answer.prepare(request)
        event = "image_edit" if asked.path.endswith("/edits") else "image_generation"
        about = {"background": "opaque", "created_at": 1, "output_format": "png", "quality": "low", "size": "1024x1024"}

        async def send(kind: str, **more: Any) -> None:
            body = json.dumps({"type": kind, **about, **more})
            await answer.write(f"event: {kind}\ndata: {body}\n\n".encode())

        await answer.write(b": hello\n\n")
        await send(f"{event}.something_new", b64_json="?")
        for number in range(int(asked.fields.get("partial_images", 0))):
            data = b"no picture" if "bad-partial" in asked.words else png(1024, 1024, f"#33{number}399")
            await send(f"{event}.partial_image", b64_json=b64encode(data).decode(), partial_image_index=number)
            self.begun.set()
            if asked.words & {"cut", "withheld", "fails", "garbled", "slow", "ends"}:
                break
        if "cut" in asked.words:
            assert request.transport is not None
            request.transport.abort()
            return answer
        if "slow" in asked.words:
            try:
                await asyncio.Event().wait()
            finally:
                self.gone.set()
        if "garbled" in asked.words:
            await answer.write(b"event: x\ndata: {\x00\xff not json\n\n")
        elif "withheld" in asked.words:
            details = {"moderation_stage": "output", "categories": ["sexual"]}
            await answer.write(
                b"event: error\ndata: %b\n\n"
                % json.dumps({"error": MODERATED | {"moderation_details": details}}).encode()
            )
        elif "fails" in asked.words:
            await answer.write(b"event: error\ndata: %b\n\n" % json.dumps(failure("server_error")).encode())
        elif "ends" not in asked.words:
            await send(f"{event}.completed", b64_json=b64encode(self.picture).decode(), usage=USAGE)
        await answer.write(b"data: [DONE]\n\n")
        return answer

    async def _file(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(Asked(request.path, {name.lower(): value for name, value in request.headers.items()}))
        name = request.match_info["name"]
        if name == "moved":
            return web.Response(status=302, headers={"location": "http://127.0.0.2:80/"})
        if name == "lost-file":
            return web.Response(status=404)
        if name == "late-file":
            return await self._silence()
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(self.picture)
        while name == "endless":
            await answer.write(bytes(2**20))
        return answer
