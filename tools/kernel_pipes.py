"""Code for a kernel that executes notebooks: the output of a cell holds all that was written below Python.

What C++ code writes goes through a pipe to a thread of the kernel's, which may come to it when the cell is
over and nobody listens. So each cell ends by sending a mark through the pipe, and waits until the thread has
met it: all that was written before has then been passed on. IPython changes `write` around each cell, so it
is wrapped at each cell's start.
"""

_CODE = """
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
    if stream._should_watch:  # on Windows there are no pipes
        watch(stream)
"""

# Executed silently before the first cell. None of its names is left in the notebook's namespace.
WAIT_FOR_THE_PIPES = f"exec({_CODE!r}, {{'get_ipython': get_ipython}})"
