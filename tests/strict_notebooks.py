"""What pytest adds to nbval: all of stderr is seen, a notebook stays on one worker, platforms are named."""

import os
import platform
import sys

import nbval.plugin
import pytest
import warm_kernels

from kernel_pipes import WAIT_FOR_THE_PIPES  # tools/kernel_pipes.py

STRICT_ON = "Linux on x86-64 with Python 3.11"


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
        self.await_reply(self.kc.execute(WAIT_FOR_THE_PIPES, silent=True), timeout=60)


def other_platform():
    """Return what this platform is where stored outputs are not promised for it, or None."""
    here = (platform.system(), platform.machine(), *sys.version_info[:2])
    if here[:2] in (("Linux", "x86_64"), ("Linux", "AMD64")) and here[2:] == (3, 11):
        return None
    return f"{here[0]} on {here[1]} with Python {here[2]}.{here[3]}"


def pytest_configure(config):
    """Give nbval the kernel above, keep a notebook on one worker, and compare nothing on other platforms."""
    nbval.plugin.RunningKernel = Kernel
    warm_kernels.use()
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
