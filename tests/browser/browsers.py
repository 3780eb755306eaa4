"""Fresh browsers to visit the desk with, and an ear for everything that goes wrong in them."""

from collections.abc import Collection
from types import TracebackType
from typing import Literal, Self

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    WebError,
)

TIMEOUT_MS = 10_000
WIDE, PHONE = 1280, 360
_FIRST_ERROR = 400
# Chromium's advice about user names in password forms; nothing is wrong.
_ADVICE = "[DOM] Password forms should have"

Scheme = Literal["light", "dark"]


class Browsers:
    """The browsers of one test, and what they complained about.

    Errors and warnings of the console (which is where violations of the content security
    policy go), uncaught exceptions, HTTP errors and requests to anybody else: each one
    fails the test when it ends.
    """

    def __init__(self, chromium: Browser, address: str) -> None:
        self._chromium = chromium
        self._address = address
        self._open: list[BrowserContext] = []
        self.complaints: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for context in self._open:
            context.close()
        assert not self.complaints, "the browser complains:\n" + "\n".join(self.complaints)

    def open(
        self,
        *,
        refusals: Collection[int] = (),
        scripts: bool = True,
        scheme: Scheme = "light",
        width: int = WIDE,
    ) -> Page:
        """Return a page of a new browser; `refusals` are the HTTP errors the story holds."""
        context = self._chromium.new_context(
            base_url=self._address,
            java_script_enabled=scripts,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            locale="en-GB",
        )
        self._open.append(context)
        context.set_default_timeout(TIMEOUT_MS)
        self._listen(context, refusals)
        return context.new_page()

    def _listen(self, context: BrowserContext, refusals: Collection[int]) -> None:
        expected = tuple(
            f"Failed to load resource: the server responded with a status of {status} "
            for status in refusals
        )

        def hear(said: ConsoleMessage) -> None:
            if said.type in {"error", "warning"} and not said.text.startswith((*expected, _ADVICE)):
                self.complaints.append(f"{said.type}: {said.text}")

        def look(request: Request) -> None:
            if not request.url.startswith(f"{self._address}/"):
                self.complaints.append(f"asked somebody else: {request.url}")

        def judge(response: Response) -> None:
            if response.status >= _FIRST_ERROR and response.status not in refusals:
                self.complaints.append(f"{response.status}: {response.url}")

        def fail(error: WebError) -> None:
            self.complaints.append(f"uncaught: {error.error}")

        context.on("console", hear)
        context.on("request", look)
        context.on("response", judge)
        context.on("weberror", fail)
