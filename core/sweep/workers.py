"""The processes that measure cells: a cluster of this machine, or one that is there already.

Dask is imported when a sweep runs, and not before.
"""

from __future__ import annotations

import contextlib
import logging
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zoetrope.core.sweep.cells import OWN_DEVICE
from zoetrope.core.sweep.errors import SweepError, SweepStoppedError

if TYPE_CHECKING:
    from distributed import Client

START_PATIENCE = 60.0  # seconds
CONNECT_PATIENCE = 10.0
CLOSE_PATIENCE = 5.0
HERE = "127.0.0.1"
# Of the machine's own workers, instead of what Dask sets: its MALLOC_TRIM_THRESHOLD_ gives every
# matrix of more than 128 kB back to the system at once, which a cell then asks for again.
ENVIRONMENT = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
NEEDED = "A sweep needs Dask and Arrow, which are not installed: pip install “zoetrope[sweep]”."


@dataclass(frozen=True, slots=True)
class Workers:
    """Workers of a cluster that is connected. `address` is empty for the machine's own."""

    client: Client
    address: str
    gpu: bool = False  # whether one of the machine's own workers owns a GPU

    def count(self) -> int:
        """Return how many cells can be measured at the same time now."""
        return sum(self.client.nthreads().values())

    @property
    def dashboard(self) -> str:
        """The address of Dask's dashboard; "" where there is none."""
        link: str = self.client.dashboard_link or ""
        return link if self.address or _has_dashboard() else ""


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def connect(address: str = "", count: int = 0) -> Iterator[Workers]:
    """Give the workers of the cluster at `address`, such as "tcp://10.0.0.1:8786".

    Without an address a cluster of this machine is started, and ended afterwards: `count`
    processes of one thread (as many as there are cores unless said), and one more that owns the
    GPU where there is one. Raises `SweepError` where that cannot be.
    """
    check_installed()
    with _quiet():
        if address:
            yield from _there(address)
        else:
            yield from _here(count or cores())


def check_installed() -> None:
    """Raise `SweepError` where the packages that sweeps need are not installed."""
    from importlib.util import find_spec

    if not all(find_spec(name) for name in ("distributed", "pyarrow")):
        raise SweepError(NEEDED)


def _there(address: str) -> Iterator[Workers]:
    from distributed import Client

    if "://" not in address:
        raise SweepError(f"Write a cluster's address as tcp://host:port, not {address[:60]!r}.")
    try:
        client = Client(address, timeout=CONNECT_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise SweepStoppedError(f"There is no cluster at {address} ({_short(error)}).") from None
    try:
        yield Workers(client, address)
    finally:
        with contextlib.suppress(Exception):  # a scheduler that is gone cannot be said goodbye to
            client.close(timeout=CLOSE_PATIENCE)


def _here(count: int) -> Iterator[Workers]:
    import dask
    from distributed import Client, Scheduler, SpecCluster

    gpu = gpu_here()
    scheduler: dict[str, Any] = {
        "cls": Scheduler,
        "options": {
            "host": HERE,
            "port": 0,
            "dashboard": _has_dashboard(),
            "dashboard_address": f"{HERE}:0",
            "allowed_failures": 0,  # whoever hands the cells out counts the losses
        },
    }
    specification: dict[Any, Any] = {place: _worker("cpu") for place in range(count)}
    if gpu:
        specification["gpu"] = _worker("auto", resources={"GPU": 1})
    with dask.config.set({"distributed.nanny.pre-spawn-environ": ENVIRONMENT}):
        cluster = SpecCluster(
            workers=specification, scheduler=scheduler, silence_logs=logging.CRITICAL
        )
    try:
        client = Client(cluster, set_as_default=False)
        try:
            client.wait_for_workers(len(specification), timeout=START_PATIENCE)
            yield Workers(client, "", gpu)
        except TimeoutError:
            raise SweepStoppedError("The workers did not start within a minute.") from None
        finally:
            with contextlib.suppress(Exception):
                client.close(timeout=CLOSE_PATIENCE)
    finally:
        with contextlib.suppress(Exception):  # what is left of it ends with this program
            cluster.close(timeout=CLOSE_PATIENCE)


def _worker(device: str, **more: Any) -> dict[str, Any]:
    """Return how a worker of this machine is started."""
    from distributed import Nanny

    options = {
        "nthreads": 1,
        "host": HERE,
        "env": {OWN_DEVICE: device},
        "dashboard_address": None,
        "silence_logs": logging.CRITICAL,
        **more,
    }
    return {"cls": Nanny, "options": options}


def gpu_here() -> bool:
    """Say whether this machine seems to have a GPU, without loading torch."""
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    program = shutil.which("nvidia-smi")
    if program is None:
        return False
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run([program, "-L"], capture_output=True, timeout=10, check=False)
        return done.returncode == 0 and b"GPU" in done.stdout
    return False


def _has_dashboard() -> bool:
    from importlib.util import find_spec

    return find_spec("bokeh") is not None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own messages off the terminal: what matters is said in sentences."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado", "asyncio")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _short(error: BaseException) -> str:
    return str(error).splitlines()[0][:120].rstrip(".") if str(error) else type(error).__name__
