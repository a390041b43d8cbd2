"""Run every repair that the error pages offer, and every dead end, and compare with what is recorded.

    python tools/repairs.py                     all of them
    python tools/repairs.py pytorch-conv keras  the pages whose names begin so
    python tools/repairs.py --record            also store what came out, in book/errors/repairs.json
    python tools/repairs.py --python PATH flax  the situations that need a package which the tests do not
                                                install (FRAMEWORKS has `tested=False`), in an environment
                                                that has it, and PyYAML

Prints what is wrong, a situation a paragraph, and why some cannot be run. Ends in one line: how many repairs
ran and repaired, how many could not be run, how many dead ends. The exit status is 0 when all is well, 1 when
something is wrong, 2 when a page cannot be read.
"""

import argparse
import collections
import concurrent.futures
import functools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "book"))

import drift  # noqa: E402
from errorguide.cases import untested  # noqa: E402
from errorguide.catalogue import ERRORS, read_catalogue, repair_for  # noqa: E402
from errorguide.front_matter import CatalogueError  # noqa: E402
from errorguide.situations import NAME, all_situations, recorded  # noqa: E402

WORKER = pathlib.Path(__file__).with_name("run_repairs.py")
WITH_PYTORCH = ("pytorch", "torch", "transformers")


def run_all(situations, done=lambda name: None, python=None):
    """Run `situations`, an identifier each, in two processes. Return the results by identifier.

    `done` is called with each identifier as its results come. Without `python`, the interpreter of an
    environment of its own, what needs such an environment is left out; with it, all else is.
    """
    # One process begins with PyTorch's and the other with what is not: each imports one framework, until the
    # first of them helps the other.
    run = [name for name, each in situations.items() if to_run(each, python)]
    waiting = collections.deque(sorted(run, key=lambda name: not name.startswith(WITH_PYTORCH)))
    results = {}
    takers = [waiting.popleft, waiting.pop]
    with concurrent.futures.ThreadPoolExecutor(len(takers)) as pool:
        workers = [pool.submit(_work, situations, take, results, done, python) for take in takers]
    for worker in workers:
        worker.result()  # raises what it raised
    return {name: results[name] for name in situations if name in results}


def to_run(situation, python):
    """Whether a situation is run by this interpreter (`python` is None), or by that of another environment.

    An environment of its own has to have all of the packages that a situation needs and the tests lack.
    """
    if "unrun" in situation:
        return False
    wanted = untested(situation)
    return bool(wanted) and wanted <= installed(python) if python else not wanted


@functools.cache
def installed(python):
    """Return the names of the packages of an environment, as a set; `python` is its interpreter."""
    code = "from importlib import metadata; print(*(each.name for each in metadata.distributions()))"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def _work(situations, take, results, done, python):
    """Run what `take` gives until nothing is left. A situation that ends its process is a fault."""
    process = None
    with tempfile.TemporaryFile("w+") as said:
        while True:
            try:
                name = take()
            except IndexError:
                break
            process = process or _start(said, python)
            process.stdin.write(json.dumps(situations[name]) + "\n")
            process.stdin.flush()
            if line := process.stdout.readline():
                results[name] = normalised(json.loads(line))
            else:
                process.wait()
                said.seek(0)
                process.stderr = said.read()
                results[name] = {"fault": f"the process ended: {drift.ending(process)}"}
                process = None
            done(name)
        if process:
            process.stdin.close()
            process.wait()


def _start(said, python):
    """Start a process that runs situations; what it writes on stderr goes into the file `said`."""
    return subprocess.Popen(
        [python or sys.executable, str(WORKER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        text=True,
        cwd=ROOT / "book",
        env={**os.environ, "PYTHONPATH": str(ROOT / "book")},
    )


def normalised(results):
    """Return results without what differs between machines and runs."""
    for part in (results, *results.get("tries", [])):
        for name in ("message", "raised", "raises"):
            if name in part:
                part[name] = drift.normalise(part[name])
    return results


def faults(results):
    """Return what is wrong in the results of a situation, a text each."""
    parts = [results, *results.get("repairs", []), *results.get("tries", [])]
    return [part["fault"] for part in parts if "fault" in part]


def without_situation(catalogue):
    """Return the identifiers page/cause of the repairs that no situation runs."""
    there = {(situation["page"], situation["cause"]) for situation in all_situations(catalogue).values()}
    return [
        f"{entry['id']}/{name}"
        for entry in catalogue["errors"]
        for name in entry["causes"]
        if repair_for(catalogue["causes"][name], entry["framework"]) and (entry["id"], name) not in there
    ]


def summary(situations, results):
    """Return the last line: what ran, what could not be run, and the dead ends."""
    repairs = [part for each in results.values() for part in each.get("repairs", [])]
    well = sum("gives" in part for part in repairs)
    unrun = sum("unrun" in situation for situation in situations.values())
    ends = sum("fault" not in part for each in results.values() for part in each.get("tries", []))
    return (
        f"{well} of {len(repairs)} repairs ran and repaired, {unrun} could not be run, "
        f"{ends} dead ends did what their pages say."
    )


def shown(situations, python):
    """Run the situations with a progress bar. Return their results."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=sum(to_run(each, python) for each in situations.values()))
        step = functools.partial(progress.update, task, advance=1)
        return run_all(situations, lambda name: step(description=name), python)


def main(arguments=None):
    """Run them, and say what is wrong."""
    parser = argparse.ArgumentParser(description="Run every repair of the error pages.")
    parser.add_argument("pages", nargs="*", help="how the names of the pages begin; without any, all pages")
    parser.add_argument("--python", help="of an environment with what the tests do not install")
    parser.add_argument("--record", action="store_true", help=f"store what came out in book/errors/{NAME}")
    options = parser.parse_args(arguments)
    try:
        catalogue = read_catalogue()
    except CatalogueError as problem:
        print(f"book/errors/{problem}", file=sys.stderr)
        return 2
    begin = tuple(options.pages) or ("",)
    situations = {name: each for name, each in all_situations(catalogue).items() if name.startswith(begin)}
    results = shown(situations, options.python)
    stored = recorded(ERRORS)
    all_well = True
    for name, result in results.items():
        wrong = faults(result)
        if not wrong and not options.record and result != stored.get(name):
            wrong = [f"it is not as recorded: {json.dumps(stored.get(name))}\nnow: {json.dumps(result)}"]
        for text in wrong:
            all_well = False
            print(f"{name}: {text}\n")
    for name in without_situation(catalogue):
        if name.startswith(begin):
            all_well = False
            print(f"{name}: its repair has no situation, so nothing runs it")
    if options.record:
        well = {name: result for name, result in results.items() if not faults(result)}
        over = {name for name, each in situations.items() if to_run(each, options.python)}
        kept = {
            name: result
            for name, result in stored.items()
            if not name.startswith(begin) or (name in situations and name not in over)
        }
        write(ERRORS / NAME, {**kept, **well})
    for name, situation in situations.items():
        if "unrun" in situation:
            print(f"{name} cannot be run: {situation['unrun']}")
    print(summary(situations, results))
    return 0 if all_well else 1


def write(path, results):
    """Write results, one a line, sorted."""
    lines = (f"{json.dumps(name)}: {json.dumps(results[name])}" for name in sorted(results))
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
