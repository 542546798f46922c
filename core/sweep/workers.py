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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zoetrope.core.sweep.cells import OWN_DEVICE
from zoetrope.core.sweep.errors import SweepError, SweepStoppedError

if TYPE_CHECKING:
    from distributed import Client, SpecCluster

START_PATIENCE = 60.0  # seconds
CONNECT_PATIENCE = 10.0
CLOSE_PATIENCE = 5.0
HERE = "127.0.0.1"
# Of the machine's own workers, instead of what Dask sets: its MALLOC_TRIM_THRESHOLD_ gives every
# matrix of more than 128 kB back to the system at once, which a cell then asks for again.
ENVIRONMENT = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
VISIBLE = "CUDA_VISIBLE_DEVICES"
# What Dask does in each of its processes beside the work, here on the very cores that measure: a
# look at every stack a hundred times a second, at the clock fifty times, at the memory ten times,
# which together take a twentieth of each core. All this is in the dashboard, less often.
CALM = {
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "500ms",
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.scheduler.active-memory-manager.start": False,
}
# Dask gives a worker up for ever that is not there fifteen seconds after it died: one that is
# started again over a deadly cell, on a busy machine. Ours are started again as often as need be.
PATIENT = {"distributed.deploy.lost-worker-timeout": "10000 days"}
NEEDED = "A sweep needs Dask and Arrow, which are not installed: pip install “zoetrope[sweep]”."


@dataclass(frozen=True, slots=True)
class Workers:
    """Workers of a cluster that is connected, and the address of Dask's dashboard; "" where there
    is none.
    """

    client: Client
    dashboard: str

    def count(self) -> int:
        """Return how many cells can be measured at the same time now."""
        return sum(self.client.nthreads().values())


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def connect(address: str = "", count: int = 0, device: str = "auto") -> Iterator[Workers]:
    """Give the workers of the cluster at `address`, such as "tcp://10.0.0.1:8786".

    Without an address a cluster of this machine is started, and ended afterwards: see
    `own_workers`. Raises `SweepError` where that cannot be.
    """
    check_installed()
    with _quiet():
        if address:
            yield from _there(address)
        else:
            gpus = () if device == "cpu" else gpus_here()
            yield from _here(own_workers(count or cores(), gpus, device))


def own_workers(count: int, gpus: Sequence[str], device: str) -> tuple[Mapping[str, str], ...]:
    """Return the environment of each of this machine's workers, processes of one thread.

    For cells on "cpu" that is `count` of them; for "auto" as many, and one more for each GPU,
    which it owns; for another device those of the GPUs alone. `gpus` are named as CUDA names
    them, "" where there is nothing to choose.
    """
    processors = [{OWN_DEVICE: "cpu"}] * (count if device in ("cpu", "auto") else 0)
    if device == "cpu":
        gpus = ()
    elif device != "auto":
        gpus = gpus or ("",)  # where none is seen each cell says so
    owners = [{OWN_DEVICE: device} | ({VISIBLE: gpu} if gpu else {}) for gpu in gpus]
    return (*processors, *owners)


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
        raise _absent(address, error) from None
    try:
        try:
            dashboard = client.dashboard_link or ""  # asks the scheduler
        except OSError as error:
            raise _absent(address, error) from None
        yield Workers(client, dashboard)
    finally:
        _closed(client)


def _absent(address: str, error: Exception) -> SweepStoppedError:
    return SweepStoppedError(f"There is no cluster at {address} ({_short(error)}).")


def _here(environments: Sequence[Mapping[str, str]]) -> Iterator[Workers]:
    import dask
    from distributed import Client, Scheduler, SpecCluster

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
    specification = {place: _worker(own) for place, own in enumerate(environments)}
    ours = {"distributed.nanny.pre-spawn-environ": ENVIRONMENT, **CALM, **PATIENT}
    with dask.config.set(ours), contextlib.ExitStack() as opened:
        cluster = SpecCluster(
            workers=specification, scheduler=scheduler, silence_logs=logging.CRITICAL
        )
        opened.callback(_closed, cluster)
        client = Client(cluster, set_as_default=False)
        opened.callback(_closed, client)
        _await_workers(client, len(specification))
        yield Workers(client, client.dashboard_link if _has_dashboard() else "")


def _closed(end: Client | SpecCluster) -> None:
    """Close what may be gone already; what is left of it ends with this program."""
    with contextlib.suppress(Exception):
        end.close(timeout=CLOSE_PATIENCE)


def _await_workers(client: Client, count: int) -> None:
    try:
        client.wait_for_workers(count, timeout=START_PATIENCE)
    except TimeoutError:
        raise SweepStoppedError("The workers did not start within a minute.") from None


def _worker(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return how a worker of this machine is started."""
    from distributed import Nanny

    options = {
        "nthreads": 1,
        "host": HERE,
        "env": dict(environment),
        "dashboard_address": None,
        "silence_logs": logging.CRITICAL,
    }
    return {"cls": Nanny, "options": options}


def gpus_here() -> tuple[str, ...]:
    """Return this machine's GPUs by the names that CUDA knows them by, without loading torch; one
    "" for Apple's, which there is only one of.
    """
    if sys.platform == "darwin":
        return ("",) if platform.machine() == "arm64" else ()
    chosen = os.environ.get(VISIBLE)
    if chosen is not None:  # a person, or what shares the machine out, has said which are ours
        names = tuple(name.strip() for name in chosen.split(","))
        return () if set(names) & {"", "-1"} else names
    program = shutil.which("nvidia-smi")
    if program is None:
        return ()
    try:
        done = subprocess.run([program, "-L"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    lines = done.stdout.decode(errors="replace").splitlines() if done.returncode == 0 else []
    return tuple(str(place) for place in range(sum(line.startswith("GPU ") for line in lines)))


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
