"""The error guide says where an error of PyTorch failed, where the number came from, and tries repairs: on
programs in data/live, whose first lines say what is expected of each, and harms nothing.
"""

from __future__ import annotations

import copy
import gc
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import warnings
import weakref
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from livekit import PROGRAMS, ROOT, check, children, plain, raised, run

import errorguide
from errorguide.live import look
from errorguide.live.frames import shape_of

torch = pytest.importorskip("torch")
nn = torch.nn


@pytest.mark.parametrize("program", sorted(PROGRAMS.glob("torch_*.py")), ids=lambda path: path.stem)
def test_layer_origin_and_a_trial(program):
    check(program)


# ---- Nothing is harmed ----


class Everything(nn.Module):
    """A model with a bit of everything that a replay could change."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.norm = nn.BatchNorm2d(8)
        self.drop = nn.Dropout(0.5)
        self.count = 0
        self.seen = []
        self.kept = {"last": None}
        self.register_buffer("ticks", torch.zeros(3))
        self.head = nn.Linear(9, 2)

    def forward(self, x):
        self.count += 1
        self.seen.append(tuple(x.shape))
        print("forward", self.count)
        x = self.drop(self.norm(self.conv(x)))
        self.kept["last"] = x
        self.ticks += 1
        random.random(), np.random.rand(), torch.rand(3)  # noqa: NPY002
        self.conv.weight.data.mul_(1.0)
        return self.head(x.mean((2, 3)))


def state_of(model, optimizer):
    """Return all that has to stay: values, identities, gradients, states, hooks, attributes."""
    tensors = dict([*model.named_parameters(), *model.named_buffers()])
    return {
        "values": {name: value.detach().numpy().tobytes() for name, value in tensors.items()},
        "identities": {
            name: (id(value), value.data_ptr(), value._version) for name, value in tensors.items()
        },
        "gradients": {
            name: None if value.grad is None else (id(value.grad), value.grad.numpy().tobytes())
            for name, value in tensors.items()
        },
        "modules": [
            (name, id(module), module.training, sorted(vars(module)))
            for name, module in model.named_modules()
        ],
        "hooks": [
            (name, key, [(number, id(hook)) for number, hook in value.items()])
            for name, module in model.named_modules()
            for key, value in vars(module).items()
            if key.endswith("_hooks")
        ],
        "own": (model.count, list(model.seen), id(model.seen), id(model.kept["last"])),
        "optimizer": [
            (key, sorted((name, value.numpy().tobytes()) for name, value in each.items()))
            for key, each in optimizer.state_dict()["state"].items()
        ],
        "random": (
            random.getstate(),
            np.random.get_state()[1].tobytes(),  # noqa: NPY002
            torch.get_rng_state().numpy().tobytes(),
        ),
        "torch": (
            torch.get_num_threads(),
            torch.is_grad_enabled(),
            torch.get_default_dtype(),
            nn.Module._call_impl,
            len(nn.modules.module._global_forward_hooks),
        ),
        "streams": (sys.stdout, sys.stderr, sys.stdin),
        "threads": threading.active_count(),
        "files": sorted(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else None,
    }


def test_a_model_is_as_before(capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = Everything()
    heard = []
    model.conv.register_forward_hook(lambda *each: heard.append(len(each)))
    model.register_forward_pre_hook(lambda *each: heard.append(0))
    optimizer = torch.optim.Adam(model.parameters())
    images = torch.rand(2, 3, 7, 6, requires_grad=True)
    model.head(torch.rand(4, 9)).sum().backward()
    optimizer.step()
    error = raised(lambda: model(images))
    before, ours, data = state_of(model, optimizer), list(heard), images.detach().numpy().tobytes()
    capfd.readouterr()
    finding = look(error)
    assert capfd.readouterr() == ("", "")
    assert state_of(model, optimizer) == before
    assert (heard, images.detach().numpy().tobytes(), images.grad) == (ours, data, None)
    assert finding.where.layer == "head" and "model.head = nn.Linear(8, 2)" in [
        trial.change for trial in finding.trials if trial.outcome == "runs"
    ]
    assert list(tmp_path.iterdir()) == []
    assert children() == []


def odd(forward, *layers, **attributes):
    """Return a model with a forward of its own, whose `head` does not fit."""
    model = nn.Module()
    kind = type("Odd", (nn.Module,), {"forward": forward})
    model = kind()
    model.body = nn.Linear(5, 8)
    model.head = nn.Linear(9, 2)
    for name, value in attributes.items():
        setattr(model, name, value)
    return model


def branches(self, x):
    x = self.body(x)
    if x.sum() > 1e9:
        x = x * 2
    return self.head(x)


def asks_for_a_number(self, x):
    return self.head(self.body(x) * self.body(x).mean().item())


def sleeps(self, x):
    time.sleep(self.naps.pop() if self.naps else 30)
    return self.head(self.body(x))


def loops(self, x):
    while not self.turns:
        pass
    self.turns.pop()
    return self.head(self.body(x))


def waits_for_a_lock(self, x):
    self.lock.acquire()
    return self.head(self.body(x))


def writes_a_file(self, x):
    with open("written.txt", "a") as file:
        file.write("x")
    return self.head(self.body(x))


def has_a_file(self, x):
    self.file.write("line\n")
    self.file.flush()
    return self.head(self.body(x))


def starts_a_program(self, x):
    subprocess.run(["touch", "started.txt"])
    return self.head(self.body(x))


def leaves(self, x):
    if self.left:
        os._exit(3)
    self.left = True
    return self.head(self.body(x))


def interrupts(self, x):
    if self.left:
        raise KeyboardInterrupt
    self.left = True
    return self.head(self.body(x))


def catches_everything(self, x):
    while True:
        try:
            if self.left:
                while True:
                    time.sleep(0.01)
            self.left = True
            break
        except BaseException:
            pass
    return self.head(self.body(x))


def eats_memory(self, x):
    if self.left:
        self.big = [bytearray(10_000_000) for _ in range(50)]
    self.left = True
    return self.head(self.body(x))


def numpy_inside(self, x):
    return self.head(torch.from_numpy(np.tanh(self.body(x).detach().numpy())))


def recurses(self, x):
    if self.left:
        return self.forward(x)
    self.left = True
    return self.head(self.body(x))


def sets_globals(self, x):
    torch.manual_seed(3)
    os.environ["ERRORGUIDE_ODD"] = "1"
    type(self).calls = getattr(type(self), "calls", 0) + 1
    torch.set_default_dtype(torch.float32)
    return self.head(self.body(x))


ODD = [
    branches, asks_for_a_number, sleeps, loops, waits_for_a_lock, writes_a_file, has_a_file, starts_a_program,
    leaves, interrupts, catches_everything, eats_memory, numpy_inside, recurses, sets_globals,
]  # fmt: skip


@pytest.mark.parametrize("forward", ODD, ids=lambda each: each.__name__)
def test_odd_code_ends_in_less_being_said(forward, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    with open("log.txt", "w") as file:
        model = odd(forward, naps=[0], turns=[1], lock=threading.Lock(), file=file, left=False)
        error = raised(lambda: model(torch.rand(3, 5)))
        files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        environment, calls = dict(os.environ), getattr(type(model), "calls", None)
        states = torch.get_rng_state().numpy().tobytes()
        capfd.readouterr()
        begun = time.monotonic()
        finding = look(error)
        assert time.monotonic() - begun < 12
    assert capfd.readouterr() == ("", "")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == files
    assert dict(os.environ) == environment and getattr(type(model), "calls", None) == calls
    assert torch.get_rng_state().numpy().tobytes() == states
    assert finding.where.layer == "head" and finding.where.type == "Linear"
    assert children() == []
    assert model.head.in_features == 9


def test_hooks_that_fail_or_need_numbers():
    model = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(9, 2))
    kept = []
    model[0].register_forward_hook(lambda module, given, output: kept.append(output.detach().numpy().sum()))
    finding = look(raised(lambda: model(torch.rand(3, 5))))
    assert len(kept) == 1 and finding.where.layer == "2" and finding.came_from.layers == ("0",)

    def refuses(module, given):
        raise ValueError("the shape of this batch is wrong")

    model = nn.Sequential(nn.Linear(5, 8))
    model[0].register_forward_pre_hook(refuses)
    assert look(raised(lambda: model(torch.rand(3, 5)))).where.layer == "0"


def test_a_model_of_a_billion_parameters(tmp_path):
    with torch.device("meta"):
        model = nn.Sequential(*(nn.Linear(16384, 16384) for _ in range(4)), nn.Linear(16385, 8))
    assert sum(each.numel() for each in model.parameters()) > 1e9
    error = raised(lambda: model(torch.empty(2, 16384, device="meta")))
    look(error)  # imports what it needs
    begun = time.process_time(), time.monotonic()
    finding = look(error)
    assert time.monotonic() - begun[1] < 8 and time.process_time() - begun[0] < 2
    assert finding.came_from.layers == ("3",)
    assert next(trial.output for trial in finding.trials if trial.outcome == "runs") == [2, 8]
    assert all(each.device.type == "meta" for each in model.parameters())


def test_scripted_compiled_and_quantised_modules():
    model = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(9, 2))
    scripted = torch.jit.script(model)
    finding = look(raised(lambda: scripted(torch.rand(3, 5))))
    assert finding is None or finding.where.layer in ("", "2")
    traced = nn.Sequential(torch.jit.trace(nn.Linear(5, 8), torch.rand(1, 5)), nn.Linear(9, 2))
    assert look(raised(lambda: traced(torch.rand(3, 5)))).where.layer == "1"
    compiled = torch.compile(model, backend="eager")
    finding = look(raised(lambda: compiled(torch.rand(3, 5))))
    assert finding is None or "2" in finding.where.layer or finding.where.layer == ""
    quantised = torch.ao.quantization.quantize_dynamic(
        nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(9, 2)), {nn.Linear}
    )
    finding = look(raised(lambda: quantised(torch.rand(3, 5))))
    assert finding is None or finding.where.layer == "2"


def test_many_calls_leave_nothing_behind():
    model = nn.Sequential(nn.Linear(5, 8), nn.Linear(9, 2))
    error = raised(lambda: model(torch.rand(3, 5)))
    look(error)
    gc.collect()
    files = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    for _ in range(3):
        look(error)
    assert not files or len(os.listdir("/proc/self/fd")) == files
    assert children() == []


def test_trials_can_be_turned_off(monkeypatch):
    model = nn.Sequential(nn.Linear(5, 8), nn.Linear(9, 2))
    error = raised(lambda: model(torch.rand(3, 5)))
    assert look(error, try_repairs=False).trials == ()
    monkeypatch.setenv("ERRORGUIDE_TRY", "no")
    found = errorguide.explain(error)
    assert found.live.trials == () and found.live.came_from.layers == ("0",)


class Nosy(nn.Module):
    """A model that notes each time that its own code is asked for something."""

    asked: ClassVar = []

    def __init__(self):
        super().__init__()
        self.body, self.head = nn.Linear(5, 8), nn.Linear(9, 2)

    def forward(self, x):
        return self.head(self.body(x))

    def __getattribute__(self, name):
        Nosy.asked.append(name)
        return super().__getattribute__(name)

    def named_modules(self, *arguments, **more):
        raise RuntimeError("nobody may ask")

    __repr__ = extra_repr = children = modules = named_modules


class Kept(torch.Tensor):
    """A tensor that notes what is done with it."""

    done: ClassVar = []

    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        cls.done.append(function)
        return super().__torch_function__(function, types, args, kwargs or {})


class Liar:
    """An object that says that it is a model."""

    asked: ClassVar = []

    @property
    def __class__(self):
        Liar.asked.append(self)
        return nn.Module


def test_no_code_of_the_models_own_is_run_beside_the_replay():
    model, kept = Nosy(), torch.rand(3, 5).as_subclass(Kept)

    def fit(other, gone, images):
        return model(images)

    error = raised(lambda: fit(Liar(), weakref.proxy(set()), torch.rand(3, 5)))
    for seen in (Nosy.asked, Kept.done, Liar.asked):
        seen.clear()
    finding = look(error)
    assert shape_of(kept) == (3, 5)
    assert (Nosy.asked, Kept.done, Liar.asked) == ([], [], [])
    assert finding.where.layer == "head" and finding.where.code == "return self.head(self.body(x))"


def test_shared_weights_and_statistics_are_as_before():
    def forward(self, x):
        return self.head(self.norm(torch.from_numpy(self.body(x).detach().numpy())))

    model = odd(forward, norm=nn.BatchNorm1d(8)).share_memory()
    error = raised(lambda: model(torch.rand(3, 5)))
    before = {name: value.numpy().tobytes() for name, value in model.state_dict().items()}
    finding = look(error)
    assert {name: value.numpy().tobytes() for name, value in model.state_dict().items()} == before
    assert finding.came_from.layers == ("norm",)


def test_of_several_errors_that_about_shapes_is_looked_at():
    def forward(self, x):
        try:
            return self.kept["x"]
        except KeyError:
            return self.head(self.body(x))

    model = odd(forward, kept={})
    error = raised(lambda: model(torch.rand(3, 5)))
    assert look(error).where.layer == "head"
    earlier = raised(lambda: odd(forward, kept=None)(torch.rand(3, 5)))
    assert look(ExceptionGroup("several", [earlier, error])).where.layer == "head"


def test_an_exception_that_cannot_be_told():
    class Mute(RuntimeError):
        def __str__(self):
            raise ValueError("no shape")

    def forward(self, x):
        raise Mute

    assert errorguide.explain(raised(lambda: odd(forward)(torch.rand(3, 5)))) is None


def test_reading_the_source_warns_of_nothing(tmp_path):
    program = tmp_path / "warns.py"
    line = "return self.head(self.body(x if '\\d' else 0))"
    program.write_text(f"SAID = '\\d'\ndef forward(self, x):\n    {line}\n")
    names = {}
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        exec(compile(program.read_text(), str(program), "exec"), names)
        assert heard
        heard.clear()
        finding = look(raised(lambda: odd(names["forward"])(torch.rand(3, 5))))
        assert finding.where.file == str(program) and finding.where.shapes and heard == []


def test_a_system_that_cannot_fork(monkeypatch):
    monkeypatch.delattr(os, "fork")
    model = nn.Sequential(nn.Linear(5, 8), nn.Linear(9, 2))
    finding = look(raised(lambda: model(torch.rand(3, 5))))
    assert finding.where.layer == "1" and finding.path == () and finding.trials == ()

    def forward(self, x):
        return self.head(self.body(x))

    found = errorguide.explain(raised(lambda: odd(forward)(torch.rand(3, 5))))
    where = found.live.where
    assert (where.layer, where.type, where.code) == ("head", "Linear", "return self.head(self.body(x))")
    assert ("x", [3, 5]) in where.shapes and where.config.startswith("Linear(in_features=9")
    assert "Where: `head`" in errorguide.as_text(found)


def test_other_errors_and_texts_say_nothing_of_models():
    assert look(ValueError("no")) is None
    assert errorguide.explain(raised(lambda: np.zeros(3) + np.zeros(4))).live is None
    assert errorguide.explain("mat1 and mat2 shapes cannot be multiplied (3x8 and 9x2)").live is None
    model = nn.Sequential(nn.Linear(5, 8))
    assert errorguide.explain(raised(lambda: model(torch.zeros(2, 5, dtype=torch.long)))) is None


def test_an_error_behind_another_is_looked_at():
    model = nn.Sequential(nn.Linear(5, 8), nn.Linear(9, 2))

    def wrapped():
        try:
            model(torch.rand(3, 5))
        except RuntimeError as error:
            raise ValueError("the batch is bad") from error

    assert look(raised(wrapped)).where.layer == "1"


# ---- The command ----


def test_the_command_runs_a_program_and_explains_its_end(tmp_path):
    out = tmp_path / "out.json"
    program = PROGRAMS / "torch_unet.py"
    ours, python = run("--json", out, program), plain(program)
    assert ours.returncode == python.returncode == 1 and ours.stdout == python.stdout
    assert ours.stderr.startswith(python.stderr)
    assert "64 = 32 from `down1.conv` (Conv2d) + 32 from `up`" in ours.stderr
    found = json.loads(out.read_text())
    assert found["id"] == "pytorch-conv-channels" and found["where"]["layer"] == "dec.conv"
    assert found["came_from"]["layers"] == ["down1.conv", "up"] and found["expected_by"]["line"]
    assert found["trials"][0]["outcome"] == "runs" and found["trials"][0]["output"] == [5, 2, 24, 20]


ENDS = """
import sys
print(sys.argv, __name__, __file__, sys.path[0], sys.modules["__main__"].__dict__ is globals())
print("there", file=sys.stderr)
class Kept:
    pass
import pickle
pickle.loads(pickle.dumps(Kept()))
print(sys.stdin.read())
HOW
"""


@pytest.mark.parametrize(
    "how", ["pass", "sys.exit(7)", "sys.exit('bye')", "raise KeyError('x')", "1 / 0", "def f(:"]
)
def test_a_program_that_ends_otherwise_is_not_touched(how, tmp_path):
    program = tmp_path / "ends.py"
    program.write_text(ENDS.replace("HOW", how))
    ours, python = (
        run("--json", tmp_path / "out.json", program, "a", "--json", "b"),
        plain(program, "a", "--json", "b"),
    )
    assert (ours.returncode, ours.stdout, ours.stderr) == (python.returncode, python.stdout, python.stderr)
    assert not (tmp_path / "out.json").exists()


def test_the_command_says_what_it_needs(tmp_path):
    assert run("--json").returncode == 2
    assert run(tmp_path / "none.py").returncode == 2 == plain(tmp_path / "none.py").returncode


SLOW = """
import atexit, os
import torch
from torch import nn
here = os.getpid()
atexit.register(lambda: print("the end"))
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.head = nn.Linear(5, 8), nn.Linear(9, 2)
    def forward(self, x):
        while os.getpid() != here:
            pass
        return self.head(self.body(x))
net = Net()
print("begins", flush=True)
net(torch.rand(3, 5))
"""


def test_an_interrupt_ends_the_explanation_and_nothing_else(tmp_path):
    program = tmp_path / "slow.py"
    program.write_text(SLOW)
    python = plain(program)
    with subprocess.Popen(
        [sys.executable, "-m", "errorguide", "run", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "book")},
        start_new_session=True,
    ) as ours:
        assert ours.stdout.readline() == "begins\n"
        forked = Path(f"/proc/{ours.pid}/task/{ours.pid}/children")
        while ours.poll() is None and not forked.read_text().split():
            time.sleep(0.01)
        for _ in range(3):
            os.killpg(ours.pid, signal.SIGINT)  # as a terminal does
        out, err = ours.communicate(timeout=120)
    assert (ours.returncode, "begins\n" + out, err) == (python.returncode, python.stdout, python.stderr)


def test_copies_are_as_before():
    model = Everything()
    twin = copy.deepcopy(model)
    with torch.random.fork_rng():
        error = raised(lambda: model(torch.rand(2, 3, 7, 6)))
    look(error)
    for one, other in zip(model.conv.parameters(), twin.conv.parameters(), strict=True):
        assert torch.equal(one, other)


IMPORTS = """
import atexit, os, sys
import torch
from errorguide.live import look
model = torch.nn.Sequential(torch.nn.Linear(5, 8), torch.nn.Linear(9, 2))
try:
    model(torch.rand(3, 5))
except RuntimeError as error:
    before, there = (dict(os.environ), atexit._ncallbacks()), set(sys.modules)
    finding = look(error)
new = {name for name in sys.modules if name.startswith("torch")} - there
print((dict(os.environ), atexit._ncallbacks()) == before, new, [trial.outcome for trial in finding.trials])
"""


def test_what_is_imported_for_a_replay_is_not_the_programs():
    assert plain("-c", IMPORTS).stdout == "True set() ['runs', 'runs']\n"
