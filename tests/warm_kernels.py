"""Kernels that begin with the frameworks imported: importing them takes most of a short notebook's time.

A process imports torch, TensorFlow and Keras once; each kernel is forked from it (multiprocessing's
forkserver), so that it begins as new as any, but for these modules. That they can be imported in a notebook,
quietly and in any order, is what test_bookkit_frameworks.py and `make refresh` try in real new kernels.
"""

import multiprocessing
import os
import sys
from importlib.metadata import EntryPoint
from multiprocessing import forkserver, process
from pathlib import Path
from unittest import mock

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from bookkit import frameworks

NAME = "forked-with-frameworks"
# What the server needs as it imports: where to find warm_frameworks, what bookkit.frameworks sets before it
# imports them, and what ipykernel sets before anything imports matplotlib.
ENVIRONMENT = {
    "PYTHONPATH": str(Path(__file__).parent),
    **frameworks.ENVIRONMENT,
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}


class ForkedProvisioner(LocalProvisioner):
    """Starts a kernel by forking the process that has imported the frameworks."""

    async def launch_kernel(self, cmd, cwd=None, env=None, **_):
        """Fork the kernel that `cmd`, as `python -m ipykernel_launcher ...`, would start."""
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        environment = dict(os.environ if env is None else env)
        started = _context().Process(
            target=_be_a_kernel, args=(arguments, str(cwd or Path.cwd()), environment), daemon=True
        )
        started.start()
        self.process = _Child(started)
        self.pid = self.pgid = started.pid  # it leads a group of its own
        return self.connection_info


class _Child:
    """A process of multiprocessing, asked as jupyter_client asks a subprocess.Popen."""

    stdin = stdout = stderr = None

    def __init__(self, process):
        self._process = process
        self.pid = process.pid

    def poll(self):
        """Return its exit status, or None while it runs."""
        return self._process.exitcode

    def wait(self):
        """Wait until it has ended and return its exit status."""
        self._process.join()
        return self._process.exitcode

    def send_signal(self, number):
        """Send it a signal, if it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self):
        """End it at once."""
        self._process.kill()

    def terminate(self):
        """Ask it to end."""
        self._process.terminate()


def _context():
    """Return the context of the server. With the first kernel, it starts and imports warm_frameworks."""
    forkserver.set_forkserver_preload(["warm_frameworks"])
    with mock.patch.dict(os.environ, ENVIRONMENT):
        forkserver.ensure_running()
    return multiprocessing.get_context("forkserver")


def _be_a_kernel(arguments, folder, environment):
    """Become, in the forked process, what `python -m ipykernel_launcher` is in a new one."""
    import warm_frameworks

    # multiprocessing takes a forked process for a worker: it would refuse it workers of its own.
    process._current_process, process._parent_process = warm_frameworks.MAIN, None
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    os.environ["JPY_PARENT_PID"] = str(os.getppid())  # with whom it ends
    added = environment.get("PYTHONPATH", "")
    sys.path[:] = [entry for entry in added.split(os.pathsep) if entry] + warm_frameworks.PATH
    sys.argv = ["ipykernel_launcher", *arguments]
    from ipykernel import kernelapp  # reads the environment as it is imported

    kernelapp.launch_new_instance()


def use():
    """Let every kernel of this process be a forked one, where processes can be forked from a server."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return
    factory = KernelProvisionerFactory.instance()
    factory.provisioners[NAME] = EntryPoint(NAME, "warm_kernels:ForkedProvisioner", factory.GROUP_NAME)
    factory.default_provisioner_name = NAME
