"""Visitors of the desk: fresh browser contexts, and an ear for everything that goes wrong."""

from collections.abc import Collection
from types import TracebackType
from typing import Literal, Protocol, Self

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
# Chromium's advice about password forms; said as no error, but some versions warn.
_HARMLESS = ("Password forms should have",)

Scheme = Literal["light", "dark"]


class Visit(Protocol):
    """Open the desk in a browser of one's own."""

    def __call__(
        self,
        *,
        answers: Collection[int] = (),
        scripts: bool = True,
        scheme: Scheme = "light",
        width: int = WIDE,
    ) -> Page:
        """Return a page; `answers` are the refusals, by HTTP status, that the story holds."""


class Visitors:
    """The browser contexts of one test, with what they complained about."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for context in self._contexts:
            context.close()
        if error is None:
            assert not self.complaints, "the browser complains:\n" + "\n".join(self.complaints)

    def visit(
        self,
        *,
        answers: Collection[int] = (),
        scripts: bool = True,
        scheme: Scheme = "light",
        width: int = WIDE,
    ) -> Page:
        context = self._browser.new_context(
            base_url=self._address,
            java_script_enabled=scripts,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            locale="en-GB",
        )
        context.set_default_timeout(TIMEOUT_MS)
        self._contexts.append(context)
        self._listen(context, answers)
        return context.new_page()

    def _listen(self, context: BrowserContext, answers: Collection[int]) -> None:
        expected = tuple(
            f"Failed to load resource: the server responded with a status of {status} "
            for status in answers
        )

        def hear(said: ConsoleMessage) -> None:
            harmless = any(hint in said.text for hint in _HARMLESS)
            if said.type in {"error", "warning"} and not harmless:  # of the CSP, too
                if not said.text.startswith(expected):
                    self.complaints.append(f"{said.type}: {said.text}")

        def look(request: Request) -> None:
            if not request.url.startswith((self._address, "data:")):
                self.complaints.append(f"asked somebody else: {request.url}")

        def judge(response: Response) -> None:
            if response.status >= 400 and response.status not in answers:
                self.complaints.append(f"{response.status}: {response.url}")

        def fail(error: WebError) -> None:
            self.complaints.append(f"uncaught: {error.error}")

        context.on("console", hear)
        context.on("request", look)
        context.on("response", judge)
        context.on("weberror", fail)
