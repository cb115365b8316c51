"""Free ports on loopback, for servers that stand side by side."""

from __future__ import annotations

import random
import socket

LOOPBACK = "127.0.0.1"
LOWEST_PORT, HIGHEST_PORT = 10_100, 22_700  # with the offset still below Linux's ephemeral ports (32768 and up)
GRPC_OFFSET = 10_000  # SeaweedFS derives every gRPC port from its HTTP port by this


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of loopback now; connections in TIME_WAIT do not count as taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def is_free_pair(port: int) -> bool:
    """Whether `port` and the gRPC port that belongs to it are both free."""
    return is_free(port) and is_free(port + GRPC_OFFSET)


def free_pairs(count: int) -> list[int]:
    """`count` different ports, each free together with its gRPC port; drawn at random so that two stacks that start at
    once hardly ever meet. Raises `RuntimeError` when the machine has none left."""
    found: list[int] = []
    for port in random.sample(range(LOWEST_PORT, HIGHEST_PORT), HIGHEST_PORT - LOWEST_PORT):
        if len(found) == count:
            return found
        if is_free_pair(port):
            found.append(port)
    raise RuntimeError(f"This machine has no {count} free pairs of ports between {LOWEST_PORT} and {HIGHEST_PORT}.")


def first_free(port: int) -> int:
    """`port`, or the next one above it that is free."""
    return next(candidate for candidate in range(port, 65_536) if is_free(candidate))
