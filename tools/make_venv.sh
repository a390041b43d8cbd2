#!/bin/sh
# Sees to it that a virtual environment is there whose Python suits, or says in one sentence what is missing.
# Leaves nothing half made. Where no suitable Python is named and uv is on the machine, uv brings one.
# usage: make_venv.sh book|all PYTHON DIRECTORY
#   book  the pages only: no framework is needed, so a Python newer than TensorFlow's will do
#   all   notebooks and tests too
set -u
purpose=$1
python=$2
venv=$3

case "$purpose" in
    book) newest=14; takes="The pages need Python 3.11 (3.11.2 or newer), 3.12, 3.13 or 3.14" ;;
    *) newest=13; takes="Notebooks and tests need Python 3.11 (3.11.2 or newer), 3.12 or 3.13" ;;
esac
name_another="name another: make PYTHON=/path/to/python3"

stop() { echo "make: $1" >&2; exit 1; }

# Says why a Python does not suit; silent, and successful, where it does.
fault() {
    command -v "$1" >/dev/null 2>&1 || { echo "'$1' was not found"; return 1; }
    version=$("$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null) \
        || { echo "'$1' does not start"; return 1; }
    rest=${version#*.} minor=${rest%%.*} patch=${rest#*.}
    if [ "${version%%.*}" != 3 ] || [ "$minor" -lt 11 ] || [ "$minor" -gt "$newest" ] \
        || { [ "$minor" = 11 ] && [ "$patch" -lt 2 ]; }; then
        echo "'$1' is Python $version"
        return 1
    fi
    "$1" -c 'import venv, ensurepip' 2>/dev/null \
        || { echo "'$1' has no venv module (on Debian and Ubuntu: apt install python3.$minor-venv)"; return 1; }
}

[ -f "$venv/made" ] && fault "$venv/bin/python" >/dev/null && exit 0

if why=$(fault "$python"); then
    set -- "$python" -m venv --clear "$venv"
elif command -v uv >/dev/null 2>&1; then
    # 3.11 is the one for which the stored outputs are promised.
    echo "$why, so uv brings Python 3.11 ..."
    set -- uv venv --quiet --seed --clear --python 3.11 "$venv"
else
    stop "$takes, but $why; $name_another, or install uv, which brings one."
fi
if ! why=$("$@" 2>&1); then
    rm -rf "$venv"
    stop "the virtual environment could not be created: $(echo "$why" | tail -n 1)"
fi
touch "$venv/made"
