#!/bin/sh
# Creates .venv, or says in one sentence what is missing. Leaves nothing half made.
# usage: make_venv.sh PYTHON DIRECTORY
set -u
python=$1
venv=$2

stop() { echo "make: $1" >&2; exit 1; }

command -v "$python" >/dev/null 2>&1 \
    || stop "'$python' was not found; install Python 3.11, 3.12 or 3.13, or name one: make PYTHON=/path/to/python3."
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) \
    || stop "'$python' does not start; name a working Python 3.11, 3.12 or 3.13: make PYTHON=/path/to/python3."
case "$version" in
    3.11|3.12|3.13) ;;
    *) stop "the book needs Python 3.11, 3.12 or 3.13, but '$python' is $version; name another: make PYTHON=python3.11." ;;
esac
"$python" -c 'import venv, ensurepip' 2>/dev/null \
    || stop "Python $version has no venv module; install it (on Debian and Ubuntu: apt install python$version-venv)."

if ! why=$("$python" -m venv --clear "$venv" 2>&1); then
    rm -rf "$venv"
    stop "the virtual environment could not be created: $(echo "$why" | tail -n 1)"
fi
touch "$venv/made"
