"""What no page may ever do: leave this computer, break the content policy, complain, or lose a file of its own."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request, Response

# A page refused on purpose (404, 422 …) is told by the browser as a failed resource; it is no complaint of ours.
REFUSED = "Failed to load resource: the server responded with a status of 4"
# A page that stands already when its transition would begin is shown without one: the browser says so of itself, as a
# fault of no script, and nobody sees a difference.
NO_TRANSITION = ("Transition was aborted", "Transition was skipped")
TOLD = "document.addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))"


class Watch:
    """Everything amiss in a browser context, in words."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self.offline = False  # a journey that cuts the connection says so here
        context.add_init_script(TOLD)
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda fault: self._script(str(fault.error)))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.hostname != "127.0.0.1" and parts.scheme not in ("about", "blob"):
            self.faults.append(f"request to {request.url}")

    def _script(self, fault: str) -> None:
        if not any(words in fault for words in NO_TRANSITION):
            self.faults.append(f"script fault: {fault}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} from {response.url}")
        elif response.status >= 400 and response.request.resource_type not in ("document", "fetch", "xhr", "ping"):
            self.faults.append(f"{response.status} for the {response.request.resource_type} {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        cut = self.offline and message.text.startswith("Failed to load resource: net::")
        if message.type in ("error", "warning") and not message.text.startswith(REFUSED) and not cut:
            self.faults.append(f"console {message.type}: {message.text} ({_where(message)})")


def _where(message: ConsoleMessage) -> str:
    try:
        page: Page | None = message.page
        return page.url if page else ""
    except Error:
        return ""
