"""The graphql-transport-ws protocol apart from wires."""

from __future__ import annotations

import orjson
import pytest

from execution.request import Request
from execution.transports.message import (
    MAX_REASON_BYTES,
    Complete,
    ConnectionInit,
    Malformed,
    Message,
    Ping,
    Pong,
    Subscribe,
    ack_frame,
    complete_frame,
    error_frame,
    fit_reason,
    next_frame,
    pong_frame,
    read_message,
)

# Every kind of frame that is no message; test_socket.py sends them over a wire as well.
MALFORMED_FRAMES: dict[str, str | bytes] = {
    "binary": b'{"type":"ping"}',
    "empty": "",
    "no JSON": "{type",
    "array": "[]",
    "string": '"ping"',
    "number": "123",
    "null": "null",
    "true": "true",
    "no type": "{}",
    "type number": '{"type":1}',
    "type list": '{"type":["ping"]}',
    "type unknown": '{"type":"start"}',
    "a server's type": '{"type":"next","id":"1","payload":{}}',
    "no id": '{"type":"subscribe","payload":{"query":"{hello}"}}',
    "id number": '{"type":"subscribe","id":1,"payload":{"query":"{hello}"}}',
    "id empty": '{"type":"subscribe","id":"","payload":{"query":"{hello}"}}',
    "id long": '{"type":"subscribe","id":"%s","payload":{"query":"{hello}"}}' % ("x" * 257),
    "id object": '{"type":"complete","id":{}}',
    "complete without id": '{"type":"complete"}',
    "payload missing": '{"type":"subscribe","id":"1"}',
    "payload null": '{"type":"subscribe","id":"1","payload":null}',
    "payload list": '{"type":"subscribe","id":"1","payload":[]}',
    "payload string": '{"type":"subscribe","id":"1","payload":"{hello}"}',
    "no query": '{"type":"subscribe","id":"1","payload":{}}',
    "query number": '{"type":"subscribe","id":"1","payload":{"query":5}}',
    "operation name list": '{"type":"subscribe","id":"1","payload":{"query":"{hello}","operationName":[]}}',
    "variables list": '{"type":"subscribe","id":"1","payload":{"query":"{hello}","variables":[]}}',
    "variables string": '{"type":"subscribe","id":"1","payload":{"query":"{hello}","variables":"{}"}}',
    "extensions string": '{"type":"subscribe","id":"1","payload":{"query":"{hello}","extensions":"x"}}',
    "init payload list": '{"type":"connection_init","payload":[]}',
    "init payload string": '{"type":"connection_init","payload":"Bearer ann"}',
    "ping payload string": '{"type":"ping","payload":"x"}',
    "pong payload number": '{"type":"pong","payload":0}',
    "deep array": "[" * 20_000,
    "deep object": '{"type":"ping","payload":' + '{"a":' * 9_000 + "1" + "}" * 9_001,
    "lone surrogate": '{"type":"ping","payload":{"a":"\\ud800"}}',
}


@pytest.mark.parametrize("frame", MALFORMED_FRAMES.values(), ids=MALFORMED_FRAMES.keys())
def test_malformed_frames_are_told_in_a_short_sentence(frame: str | bytes) -> None:
    with pytest.raises(Malformed, match=r"^(Messages|The) .*\.$") as caught:
        read_message(frame)
    assert fit_reason(str(caught.value)) == str(caught.value)


def test_no_text_at_all_is_malformed() -> None:
    with pytest.raises(Malformed):
        read_message(None)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ('{"type":"connection_init"}', ConnectionInit({})),
        ('{"type":"connection_init","payload":null}', ConnectionInit({})),
        (
            '{"type":"connection_init","payload":{"authorization":"Bearer x"}}',
            ConnectionInit({"authorization": "Bearer x"}),
        ),
        ('{"type":"ping"}', Ping(None)),
        ('{"type":"ping","payload":{}}', Ping({})),
        ('{"type":"pong","payload":{"a":1}}', Pong()),
        ('{"type":"complete","id":"7"}', Complete("7")),
        (
            '{"type":"subscribe","id":"é","payload":{"query":"{a}","operationName":"A","variables":{"b":1},"extensions":{}}}',
            Subscribe("é", Request("{a}", "A", {"b": 1}, {})),
        ),
        ('{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":null}}', Subscribe("1", Request("{a}"))),
    ],
)
def test_messages_are_read(frame: str, message: Message) -> None:
    assert read_message(frame) == message


def test_frames_are_what_the_protocol_says() -> None:
    assert orjson.loads(ack_frame()) == {"type": "connection_ack"}
    assert orjson.loads(pong_frame(None)) == {"type": "pong"}
    assert orjson.loads(pong_frame({"a": [1]})) == {"type": "pong", "payload": {"a": [1]}}
    assert orjson.loads(next_frame('"é', b'{"data":1}')) == {"id": '"é', "type": "next", "payload": {"data": 1}}
    errors = [{"message": "No."}]
    assert orjson.loads(error_frame("1", errors)) == {"id": "1", "type": "error", "payload": errors}
    assert orjson.loads(complete_frame("1")) == {"id": "1", "type": "complete"}


def test_reasons_fit_a_close_frame() -> None:
    assert fit_reason("short") == "short"
    assert fit_reason("é" * 100) == "é" * (MAX_REASON_BYTES // 2)
