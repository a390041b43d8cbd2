"""What the tests that open pages need: a browser, or one line that says what was left out, and a server."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from chromium import CHROMIUM, FLAGS, HOW_TO_GET_IT

__all__ = ["CHROMIUM", "FLAGS", "need_browser", "served"]


def need_browser(left_out: str) -> None:
    """Skip the whole module where there is no browser; `left_out` names what it would have tested."""
    if CHROMIUM is None:
        pytest.skip(
            f"no browser: {left_out} were left out; {HOW_TO_GET_IT}",
            allow_module_level=True,
        )


class Quiet(SimpleHTTPRequestHandler):
    """Writes no log, and lets a browser keep what it has fetched until it is closed."""

    def end_headers(self):
        """Add the header that lets a browser keep what it has."""
        self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()

    def log_message(self, *arguments):
        """Write nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine alone; gives its address."""
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
