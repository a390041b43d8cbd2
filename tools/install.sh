#!/bin/sh
# Installs a requirements file into a virtual environment, by uv where it can be had, by pip where not. Marks it as
# done only when all of it is there. A failure shows the line that matters; the rest stands in a log.
# usage: install.sh VENV REQUIREMENTS STAMP
set -u
venv=$1
requirements=$2
stamp=$3

by_pip() { "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt "$@"; }

install() {
    # pip comes first to PyTorch: it goes by the reader's own settings, which may name an index of CPU-only builds.
    # uv knows nothing of these, and would bring gigabytes of CUDA packages; it keeps the PyTorch that is there.
    torch=$(grep '^torch==' "$requirements")
    [ -z "$torch" ] || by_pip "$torch" || return 1
    by_pip uv >/dev/null 2>&1 \
        && "$venv/bin/uv" pip install --quiet --python "$venv/bin/python" -r "$requirements" && return 0
    echo "--- uv could not do it; pip tries ---"
    by_pip -r "$requirements"
}

# The first line of what was said that matches, without the list of all versions that pip puts behind it.
first_line() {
    printf '%s\n' "$said" | grep -E -i "$1" | head -n 1 \
        | sed -E -e 's/^ *([Cc]aused by|cause|error|ERROR): *//' -e 's/ \(from versions:.*//'
}

reason() {
    if line=$(first_line 'no space left|errno 28|disk quota'); [ -n "$line" ]; then
        echo "the disk is full. Free 5 GB, then run make again."
    elif line=$(first_line 'no wheels with a matching|no version of|not a supported wheel'); [ -n "$line" ]; then
        echo "a package has no build for this Python and platform. README.md says which are supported."
    elif line=$(first_line 'name resolution|not known|dns error|new connection|unreachable|refused|timed out|proxyerror|sslerror|certificate'); [ -n "$line" ]; then
        echo "the package index cannot be reached. Check the network, then run make again."
    elif line=$(first_line 'cause: because|cannot install'); [ -n "$line" ]; then
        echo "its versions do not fit together, or not this Python."
    elif line=$(first_line 'no matching distribution'); [ -n "$line" ]; then
        echo "a package has no build for this Python and platform. README.md says which are supported."
    else
        line=$(first_line '^ *error')
        echo "the installer stopped."
    fi
    [ -z "$line" ] || echo "make:   $line"
}

echo "Installing $requirements into $venv ..."
# What they say is kept in memory until all is over: a full disk is one of the things that they may say.
if ! said=$(install 2>&1); then
    echo "make: $requirements could not be installed: $(reason)" >&2
    printf '%s\n' "$said" >"$venv/install.log" 2>/dev/null \
        && echo "make: All that the installers said stands in $venv/install.log." >&2
    exit 1
fi
touch "$stamp"
