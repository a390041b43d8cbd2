"""What pytest adds to nbval: all of stderr is seen, a notebook stays on one worker, platforms are named."""

import os
import platform
import sys

import nbval.plugin
import pytest

STRICT_ON = "Linux on x86-64 with Python 3.11"
# What C++ code writes goes through a pipe to a thread of the kernel's, which may come to it when the cell
# is over and nobody listens. So each cell ends by sending a mark through the pipe, and waits until the thread
# has met it: all that was written before has then been passed on. IPython changes `write` around each cell,
# so it is wrapped at each cell's start. None of these names is left in the notebook's namespace.
WAIT_FOR_THE_PIPES = """
import os, sys, threading

def watch(stream):
    met = threading.Event()

    def listen(info):
        write = stream.write

        def pass_on(text):
            written = write(text.replace("\\0", ""))
            if "\\0" in text:
                met.set()
            return written

        if write.__name__ != "pass_on":
            stream.write = pass_on

    def wait(result):
        met.clear()
        os.write(stream._original_stdstream_fd, b"\\0")
        met.wait(2)  # a cell that leads the descriptor elsewhere for good has nothing to wait for

    get_ipython().events.register("pre_run_cell", listen)
    get_ipython().events.register("post_run_cell", wait)

for stream in (sys.stdout, sys.stderr):
    watch(stream)
"""


class Kernel(nbval.plugin.RunningKernel):
    """nbval's kernel, which compares also what C++ code writes to stderr.

    ipykernel does not listen to the file descriptors where pytest has set PYTEST_CURRENT_TEST.
    """

    def __init__(self, *args, **kwargs):
        current = os.environ.pop("PYTEST_CURRENT_TEST", None)
        try:
            super().__init__(*args, **kwargs)
        finally:
            if current is not None:
                os.environ["PYTEST_CURRENT_TEST"] = current
        apart = f"exec({WAIT_FOR_THE_PIPES!r}, {{'get_ipython': get_ipython}})"
        self.await_reply(self.kc.execute(apart, silent=True), timeout=60)


def other_platform():
    """Return what this platform is where stored outputs are not promised for it, or None."""
    here = (platform.system(), platform.machine(), *sys.version_info[:2])
    if here[:2] in (("Linux", "x86_64"), ("Linux", "AMD64")) and here[2:] == (3, 11):
        return None
    return f"{here[0]} on {here[1]} with Python {here[2]}.{here[3]}"


def pytest_configure(config):
    """Give nbval the kernel above, keep a notebook on one worker, and compare nothing on other platforms."""
    nbval.plugin.RunningKernel = Kernel
    # A notebook's cells share a kernel, so that they cannot be dealt out one by one.
    if getattr(config.option, "dist", None) == "load":
        config.option.dist = "loadscope"
    if other_platform() and config.option.nbval:
        config.option.nbval, config.option.nbval_lax = False, True


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    """Say where notebooks were run and not compared."""
    if here := other_platform():
        terminalreporter.write_line(
            f"Stored outputs are promised on {STRICT_ON}; here, {here}, notebooks were run and not compared."
        )
