"""Serve the built book on this machine's loopback address."""

from __future__ import annotations

import argparse
import errno
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HTML = Path(__file__).resolve().parents[1] / "_build" / "html"


MISSING = "404.html"


class Handler(SimpleHTTPRequestHandler):
    """The standard handler, with the book's own page for a missing address, and without a log."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a missing address with the book's page about it, and other errors as usual."""
        page = Path(self.directory) / MISSING
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        # Whatever folder was asked for, the page's links begin here; a browser takes the first base there is.
        body = page.read_bytes().replace(b"<head>", b'<head><base href="/" />', 1)
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal quiet: the address is all a reader needs there."""


def serve(port: int, html: Path = HTML) -> None:
    """Serve the folder `html` on 127.0.0.1:`port` until interrupted; 0 lets the system choose a port.

    Raises SystemExit with one sentence when the book is not built or the port is taken.
    """
    if not (html / "index.html").is_file():
        raise SystemExit("make serve: there is no built book yet; run 'make book' first.")
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, directory=str(html)))
    except OverflowError:
        raise SystemExit(f"make serve: a port lies between 0 and 65535, but {port} was asked for.") from None
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        why = "in use" if error.errno == errno.EADDRINUSE else "not open to you"
        raise SystemExit(
            f"make serve: port {port} is {why}; name another: make serve PORT={port + 1000}."
        ) from None
    with server:
        print(f"The book: http://127.0.0.1:{server.server_port}/ (Ctrl+C stops it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


def main() -> None:
    """Serve the book as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="0 lets the system choose (default: 8000)")
    parser.add_argument("--html", type=Path, default=HTML, help="the folder to serve (default: _build/html)")
    arguments = parser.parse_args()
    serve(arguments.port, arguments.html)


if __name__ == "__main__":
    main()
