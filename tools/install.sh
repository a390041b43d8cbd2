#!/bin/sh
# Installs a requirements file into a virtual environment; marks it as done only when all of it is there.
# usage: install.sh VENV REQUIREMENTS STAMP
set -u
echo "Installing $2 into $1 ..."
if ! "$1/bin/python" -m pip install --quiet --disable-pip-version-check -r "$2"; then
    echo "make: $2 could not be installed; pip's own lines above say why (a network, or disk space, is usual); then run make again." >&2
    exit 1
fi
touch "$3"
