"""Which processes measure here: with no GPU, with some, and how Dask is told to leave them be."""

import os
import stat
import sys
from pathlib import Path

import pytest

from zoetrope.core.device import compute_threads
from zoetrope.core.sweep.cells import OWN_DEVICE
from zoetrope.core.sweep.workers import VISIBLE, gpus_here, own_workers

CPU = {OWN_DEVICE: "cpu"}


def owner(device: str, gpu: str) -> dict[str, str]:
    return {OWN_DEVICE: device, VISIBLE: gpu}


@pytest.mark.parametrize(
    ("gpus", "device", "expected"),
    [
        ((), "auto", (CPU, CPU)),
        (("0",), "auto", (CPU, CPU, owner("auto", "0"))),
        (("0", "1"), "auto", (CPU, CPU, owner("auto", "0"), owner("auto", "1"))),
        (("0", "1"), "cpu", (CPU, CPU)),
        (("0", "1"), "cuda", (owner("cuda", "0"), owner("cuda", "1"))),  # none for two at a time
        ((), "cuda", ({OWN_DEVICE: "cuda"},)),
        (("",), "auto", (CPU, CPU, {OWN_DEVICE: "auto"})),
        (("",), "mps", ({OWN_DEVICE: "mps"},)),
    ],
)
def test_each_gpu_has_a_worker_of_its_own(
    gpus: tuple[str, ...], device: str, expected: tuple[dict[str, str], ...]
) -> None:
    assert own_workers(2, gpus, device) == expected


@pytest.mark.skipif(sys.platform != "linux", reason="the program that lists GPUs is a script here")
@pytest.mark.parametrize(
    ("script", "visible", "expected"),
    [
        (
            "echo 'GPU 0: Model (UUID: GPU-1)'; echo '  MIG 1g Device 0: (UUID: MIG-1)'",
            None,
            ("0",),
        ),
        ("echo 'GPU 0: Model'; echo 'GPU 1: Model'", None, ("0", "1")),
        ("echo 'GPU 0: Model'; echo 'GPU 1: Model'", "1", ("1",)),
        ("echo 'GPU 0: Model'", "", ()),
        ("echo 'GPU 0: Model'", "-1", ()),
        ("echo 'No devices were found'", None, ()),
        ("echo 'GPU 0: Model'; exit 9", None, ()),  # the driver does not answer
    ],
)
def test_gpus_are_counted_without_loading_torch(
    script: str,
    visible: str | None,
    expected: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv(VISIBLE, raising=False)
    if visible is not None:
        monkeypatch.setenv(VISIBLE, visible)
    assert gpus_here() == expected


def test_a_worker_computes_on_one_thread_however_many_cores_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cores = set(range(16))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: cores, raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert compute_threads() == 1
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert compute_threads() == 15
