"""Chapter 12's program for two PyTorch processes, which torchrun starts.

    torchrun --nproc-per-node=2 -m bookkit.devices.torch_program FOLDER

Each process reads FOLDER/inputs.npz and writes FOLDER/device0.npz or device1.npz.
"""

import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.functional import conv2d


def half(tensor, dim, device):
    """A device's half of `tensor`. Of 7 channels, chunk makes 4 and 3."""
    if tensor.shape[dim] % 2:
        raise ValueError(f"Axis {dim} of {tensor.shape} is odd.")
    return tensor.chunk(2, dim)[device]


def with_groups(x, weight, device):
    """Half of the channels, half of the filters. Nothing is sent."""
    x = half(x, 1, device)
    weight = half(weight, 0, device)
    part = conv2d(x, weight)
    return x, weight, part, part


def by_outputs(x, weight, device):
    """All channels, half of the filters. The parts are gathered."""
    weight = half(weight, 0, device)
    part = conv2d(x, weight)
    parts = [torch.empty_like(part), torch.empty_like(part)]
    dist.all_gather(parts, part)
    return x, weight, part, torch.cat(parts, dim=1)


def by_inputs(x, weight, device):
    """Half of the channels, half of every filter. The parts are added."""
    x = half(x, 1, device)
    weight = half(weight, 1, device)
    part = conv2d(x, weight)
    whole = part.clone()
    dist.all_reduce(whole)  # the sum of all parts, in place
    return x, weight, part, whole


def split_linear(device):
    """Two Linear layers, split by PyTorch's own tensor parallelism."""
    from torch.distributed.tensor.parallel import (
        ColwiseParallel,
        RowwiseParallel,
        parallelize_module,
    )

    model = nn.Sequential(nn.Linear(6, 10), nn.ReLU(), nn.Linear(10, 4))
    for parameter in model.parameters():
        numbers = torch.arange(parameter.numel()) % 7 - 3.0
        parameter.data = numbers.reshape(parameter.shape)
    x = (torch.arange(18.0).reshape(3, 6) % 5).requires_grad_()
    expected = model(x)
    (expected_gradient,) = torch.autograd.grad(expected.sum(), x)
    mesh = dist.device_mesh.init_device_mesh("cpu", (2,))
    plan = {"0": ColwiseParallel(), "2": RowwiseParallel()}
    parallelize_module(model, mesh, plan)
    y, forward = counted(lambda: model(x) + 0)  # + 0 waits for the result
    _, backward = counted(lambda: y.sum().backward())
    seen = {
        f"{name} {tuple(parameter.shape)}": parameter.to_local()
        for name, parameter in model.named_parameters()
    }
    return seen | {
        "expected": expected,
        "y": y,
        "forward": forward,
        "expected_gradient": expected_gradient,
        "gradient": x.grad,
        "backward": backward,
    }


def split_conv(x, weight, x_placement, weight_placement, groups=1):
    """A convolution of DTensors; `placement` says how each is split."""
    from torch.distributed.tensor import distribute_tensor

    mesh = dist.device_mesh.init_device_mesh("cpu", (2,))
    x = distribute_tensor(x, mesh, [x_placement])
    weight = distribute_tensor(weight, mesh, [weight_placement])
    try:
        y = conv2d(x, weight, groups=groups)
    except RuntimeError as error:
        return {"message": str(error)}
    return {
        "shape": tuple(y.shape),
        "placement": str(y.placements[0]),
        "to_local": y.to_local(),
        "full_tensor": y.full_tensor(),
    }


def counted(function):
    """Return what `function()` returns, and how many collective operations PyTorch counted."""
    from torch.distributed.tensor.debug import CommDebugMode

    with CommDebugMode() as counter:
        result = function()
    return result, counter.get_total_counts()


def main(folder):
    """Split three convolutions and two DTensor programs as one of two processes; write what it had."""
    from torch.distributed.tensor import Replicate, Shard

    dist.init_process_group("gloo", timeout=timedelta(seconds=120))
    device = dist.get_rank()
    with np.load(Path(folder, "inputs.npz")) as file:
        x, grouped, full = (torch.tensor(file[name]) for name in ("x", "grouped", "full"))
    found = {}
    for name, split, weight in (
        ("groups=2", with_groups, grouped),
        ("by outputs", by_outputs, full),
        ("by inputs", by_inputs, full),
    ):
        values, calls = counted(lambda split=split, weight=weight: split(x, weight, device))
        found[name] = dict(zip(("x", "weight", "part", "whole"), values, strict=True))
        found[name] |= {"calls": calls, "sent": calls * values[2].numel()}
    found["linear"] = split_linear(device)
    found["DTensor, by batch"] = split_conv(x, full, Shard(0), Replicate())
    found["DTensor, by outputs"] = split_conv(x, full, Replicate(), Shard(0))
    found["DTensor, by inputs"] = split_conv(x, full, Shard(1), Shard(1))
    found["DTensor, groups=2"] = split_conv(x, grouped, Shard(1), Shard(0), groups=2)
    arrays = {
        f"{name}/{what}": value.detach().numpy() if isinstance(value, torch.Tensor) else value
        for name, seen in found.items()
        for what, value in seen.items()
    }
    np.savez(Path(folder, f"device{device}.npz"), **arrays)
    dist.destroy_process_group()


if __name__ == "__main__":
    main(sys.argv[1])
