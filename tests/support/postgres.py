"""A private PostgreSQL server for tests: its own folder, its own socket, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def binaries() -> Path | None:
    """The folder of initdb and postgres, the newest that is installed, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def server(settings: str = "") -> Iterator[str]:
    """Start a server on a private socket and yield its address up to the database name.

    `settings` are further options of the server, such as `-c shared_buffers=1GB`.

    PostgreSQL refuses to run as root, so as root it runs as the user `postgres` or `nobody`.
    """
    folder = binaries()
    if folder is None:
        raise RuntimeError("PostgreSQL's binaries were not found; install the package `postgresql`.")
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    prefix: list[str] = []
    if os.geteuid() == 0:
        user = next(u for u in ("postgres", "nobody") if _exists(u))
        shutil.chown(home, user)
        prefix = ["runuser", "-u", user, "--"]
    home.chmod(0o755)
    data = home / "data"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": str(home)}
    subprocess.run(
        [*prefix, str(folder / "initdb"), "-D", str(data), "-U", "academy", "-A", "trust", "-E", "UTF8",
         "--locale=C", "-N"],
        check=True, **quiet,
    )  # fmt: skip
    options = (
        f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off -c full_page_writes=off "
        f"-c synchronous_commit=off -c max_connections=60 -c shared_buffers=64MB {settings}"
    )
    control = [*prefix, str(folder / "pg_ctl"), "-D", str(data), "-w"]
    subprocess.run([*control, "-l", str(home / "log"), "-o", options, "start"], check=True, **quiet)
    try:
        yield f"postgresql+psycopg://academy@/{{name}}?host={home}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, **quiet)
        shutil.rmtree(home, ignore_errors=True)


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
