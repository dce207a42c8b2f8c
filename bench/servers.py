"""Servers under measurement: gunicorn as in production with one worker process, and what its CPU time is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A running server: where it listens, and the process whose children are counted too."""

    port: int
    pid: int
    others: tuple[int, ...] = ()  # database server processes whose CPU counts as well

    def cpu(self) -> float:
        """CPU seconds used so far by the server and the database."""
        return sum(_cpu(pid) for root in (self.pid, *self.others) for pid in _family(root))


def _family(pid: int) -> list[int]:
    found = [pid]
    for each in found:
        try:
            children = Path(f"/proc/{each}/task/{each}/children").read_text().split()
        except OSError:
            continue
        found += [int(child) for child in children]
    return found


def _cpu(pid: int) -> float:
    """User and system time of a process with its ended children."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(int(value) for value in fields[11:15]) / TICK


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(target: str, environment: dict[str, str], others: tuple[int, ...] = ()) -> Iterator[Server]:
    """Serve a WSGI application with one gunicorn process of four threads."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", target, "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4",
        "--worker-class", "gthread", "--preload", "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip
    environment = {**os.environ, **environment, "BASE_URL": f"http://127.0.0.1:{port}"}
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.DEVNULL)
    try:
        _await(port, process)
        yield Server(port, process.pid, others)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with status {process.returncode}.")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not start within 30 seconds.")
