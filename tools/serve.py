"""Serve the built book on this machine's loopback address."""

from __future__ import annotations

import argparse
import errno
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HTML = Path(__file__).resolve().parents[1] / "_build" / "html"


class Handler(SimpleHTTPRequestHandler):
    """The standard handler, without a line of log for each request."""

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
