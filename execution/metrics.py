"""Metrics as Prometheus reads them: what is counted anyway, read when somebody asks, and requests by their status.

The text is written here: these are some gauges and counters of numbers that are there already, for which a client library
(a registry, locks, a second place for each number) is more than is needed. No label says who.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from resource import getpagesize

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from execution.executor import Runner
from execution.transports.sockets import Sockets
from realtime.hub import Hub

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
STATUS_LABEL = "status"

Samples = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: its samples by the value of its one label, or one sample under the empty text where it has none."""

    name: str
    kind: str  # gauge or counter
    help: str
    samples: Samples
    label: str = ""


def gauge(name: str, help: str, value: float) -> Metric:
    """What goes up and down."""
    return Metric(name, "gauge", help, {"": value})


def counter(name: str, help: str, value: float) -> Metric:
    """What only goes up, since the process began."""
    return Metric(name, "counter", help, {"": value})


def exposition(metrics: Iterable[Metric]) -> str:
    """The text format of Prometheus, version 0.0.4. Labels are our own words, which need no escaping."""
    return "".join(_written(metric) for metric in metrics)


def _written(metric: Metric) -> str:
    lines = [f"# HELP {metric.name} {metric.help}", f"# TYPE {metric.name} {metric.kind}"]
    for value, number in metric.samples.items():
        labels = f'{{{metric.label}="{value}"}}' if metric.label else ""
        lines.append(f"{metric.name}{labels} {number:.12g}")
    return "\n".join(lines) + "\n"


class Requests:
    """Counts the answers of the application inside by status, as ASGI middleware."""

    def __init__(self, app: ASGIApp, counts: Counter[int]) -> None:
        self.app = app
        self.counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As the application does."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.counts[message["status"]] += 1
            await send(message)

        await self.app(scope, receive, noted)


def of_execution(runner: Runner, sockets: Sockets, answers: Mapping[int, int]) -> Iterator[Metric]:
    """What this process answers and tells."""
    tally = runner.tally
    ran = {
        "compiled": tally.compiled.total(),
        "surprised": tally.surprised.total(),
        "handed_over": tally.handed_over.total(),
        "uncompiled": tally.uncompiled.total(),
    }
    yield Metric("fresque_operations_total", "counter", "Operations and events by how they ran.", ran, "ran")
    statuses = {str(status): count for status, count in sorted(answers.items())}
    yield Metric("fresque_http_answers_total", "counter", "HTTP answers by status.", statuses, STATUS_LABEL)
    yield gauge("fresque_sockets_open", "WebSockets and streams that are open.", sockets.count)
    yield gauge("fresque_documents", "Documents that are kept.", len(runner.documents))
    fields = {
        name: shelf.budget.whole - shelf.budget.fields
        for name, shelf in (
            ("trusted", runner.documents.ours),
            ("people", runner.documents.people),
            ("strangers", runner.documents.strangers),
        )
    }
    yield Metric("fresque_compiled_fields", "gauge", "Compiled fields that are kept.", fields, "documents")
    groups = runner.groups
    if groups is not None:
        yield gauge("fresque_subscriptions_together", "Subscriptions that are told in company.", len(groups))
        yield gauge("fresque_groups", "Groups of subscriptions that give the same answers.", groups.group_count)
        yield gauge("fresque_events_waiting", "Events that wait to be told in company.", groups.waiting)
        yield counter("fresque_events_delivered_total", "Events told to one subscription in company.", groups.delivered)
        yield counter("fresque_group_executions_total", "Executions for a whole group.", groups.executions)
        yield counter("fresque_asides_total", "Times a subscription had to go on alone.", groups.asides)


def of_hub(hub: Hub) -> Iterator[Metric]:
    """How well this process follows the log."""
    yield gauge("fresque_hub_inboxes", "Live subscriptions, in company or alone.", hub.inbox_count)
    yield counter("fresque_hub_events_total", "Events of the log that came by.", hub.events)
    yield counter("fresque_hub_catch_ups_total", "Times the log was read past the relay.", hub.catch_ups)
    yield gauge("fresque_relay_silent_seconds", "Since the relay was heard last; it beats twice a second.", hub.silence)


def of_process() -> Iterator[Metric]:
    """What the process takes."""
    yield counter("process_cpu_seconds_total", "CPU time, user and kernel.", time.process_time())
    sizes = Path("/proc/self/statm")
    if sizes.is_file():
        pages = int(sizes.read_text().split()[1])
        yield gauge("process_resident_memory_bytes", "Memory of its own.", pages * getpagesize())
