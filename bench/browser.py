"""A small client that behaves like a browser: keeps its connection and cookies, and fills in forms."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode


@dataclass
class Page:
    """An answer."""

    status: int
    body: str
    location: str = ""
    size: int = 0


@dataclass
class Client:
    """One signed-in person."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None
    timeout: float = 60

    def get(self, path: str) -> Page:
        """Ask for a page."""
        return self._send("GET", path)

    def post(self, path: str, values: dict[str, str] | list[tuple[str, str]]) -> Page:
        """Send a form."""
        return self._send("POST", path, urlencode(values), {"Content-Type": "application/x-www-form-urlencoded"})

    def _send(self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Page:
        headers = {**(headers or {}), "Host": f"127.0.0.1:{self.port}"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
            try:
                self.connection.request(method, path, body, headers)
                answer = self.connection.getresponse()
                data = answer.read()
                break
            except (http.client.HTTPException, OSError):
                self.connection = None
                if attempt == 2:
                    raise
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";", 1)[0]
        return Page(answer.status, data.decode(errors="replace"), answer.getheader("Location") or "", len(data))

    def sign_in(self, email: str, password: str) -> None:
        """Sign in through the form."""
        page = self.get("/sign-in")
        sent = self.post("/sign-in", {"csrf_token": token(page), "email": email, "password": password})
        if sent.status not in (302, 303):
            raise RuntimeError(f"{email} could not sign in: status {sent.status}.")


def token(page: Page) -> str:
    """The CSRF token of a page's first form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.body)
    if found is None:
        raise RuntimeError("The page holds no CSRF token.")
    return unescape(found.group(1))
