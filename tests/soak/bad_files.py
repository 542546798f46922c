"""Bad files: good ones damaged at random, and hostile ones, given to whatever reads their kind.

`python -m tests.soak.bad_files COUNT SEED` reads so many of each kind in a process of its own and
prints what happened as JSON, with the most memory that it took.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.soak.watch import watching

LONGEST = 10.0  # seconds of CPU that one file may take
ODD_VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 1e308, 10**30, "", "\x00", "../../x", "x" * 5000, [], {}, [[]], [None],
    [[1, 2], [3]], {"a": {}}, "NaN", "zoetrope:1:AAAA", ["a", "a"],
)  # fmt: skip

Reader = Callable[[Path], object]


@dataclass
class Tally:
    """What became of the files of one kind. `wrong` names those that did neither."""

    files: int = 0
    read: int = 0
    refused: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


def damaged(rng: random.Random, data: bytes) -> bytes:
    """Return data that was damaged in a few places, in one of many ways."""
    with suppress(ValueError, UnicodeDecodeError, RecursionError):
        if rng.random() < 0.6:
            return json.dumps(_swapped(rng, json.loads(data))).encode("utf-8", "surrogatepass")
    found = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 5, 30])):
        at = rng.randrange(len(found) or 1)
        length = rng.choice([1, 1, 2, 4, 8, 100])
        how = rng.randrange(7)
        if how == 0:
            del found[at:]
        elif how == 1:
            del found[at : at + length]
        elif how == 2:
            found[at:at] = rng.randbytes(length)
        elif how == 3:
            found[at:at] = found[at : at + 50 * length]
        elif how == 4:
            found[at : at + length] = rng.choice([b"\xff", b"\x00", b"\x7f", b"9"]) * length
        elif how == 5 and found:
            found[at % len(found)] ^= 1 << rng.randrange(8)
        else:
            numbers = list(re.finditer(rb"\d+", bytes(found[: 1 << 16])))
            if numbers:
                number = rng.choice(numbers)
                odd = rng.choice([b"-1", b"0", b"1e999", b"9" * 40, b"4294967295", b"NaN"])
                found[number.start() : number.end()] = odd
    return bytes(found)


def _swapped(rng: random.Random, value: Any) -> Any:
    """Return plain values with one of them put odd, or left out, or under another name."""
    if not isinstance(value, (dict, list)) or not value or rng.random() < 0.15:
        return rng.choice(ODD_VALUES)
    if isinstance(value, list):
        at = rng.randrange(len(value))
        return [*value[:at], _swapped(rng, value[at]), *value[at + 1 :]]
    name = rng.choice(list(value))
    how = rng.random()
    if how < 0.1:
        return {known: v for known, v in value.items() if known != name}
    if how < 0.2:
        return {(known if known != name else "odd" * 99): v for known, v in value.items()}
    return value | {name: _swapped(rng, value[name])}


def files(kind: str, count: int, seed: int) -> Iterator[tuple[str, str, bytes]]:
    """Yield bad files of a kind: what each is, its ending and its bytes; the hostile ones first."""
    from tests.soak.good_files import good
    from tests.soak.hostile_files import hostile

    for number, (ending, data) in enumerate(hostile()[kind]):
        yield f"hostile {kind} {number}", ending, data
    samples = [*good()[kind], *(one for one in hostile()[kind] if len(one[1]) < 20_000)]
    for number in range(count - len(hostile()[kind])):
        rng = random.Random(f"{seed} {kind} {number}")
        ending, data = rng.choice(good()[kind] if number % 3 else samples)
        yield f"{kind} {number} of seed {seed}", ending, damaged(rng, data)


def readers() -> dict[str, list[Reader]]:
    """Return what reads each kind of file in the program."""
    from zoetrope.core.attention import lab_files
    from zoetrope.core.attention.heads.arrays import read_arrays as capture
    from zoetrope.core.iresnet import checkpoint_files
    from zoetrope.core.recipe_files import extract
    from zoetrope.core.rope.photograph import read_photograph
    from zoetrope.core.table import read_table

    def mask(path: Path) -> object:
        return lab_files._read(str(path), path.stat().st_mtime_ns)

    def photograph(path: Path) -> object:
        return read_photograph(str(path))

    return {
        "recipe": [recipe_and_state], "session": [session_and_states], "CSV": [read_table],
        "Parquet": [read_table], "NPZ": [read_table, extract, mask, capture],
        "safetensors": [checkpoint_files.read, capture],
        "PNG": [extract, mask, photograph], "SVG": [extract], "pattern": [mask],
    }  # fmt: skip


def recipe_and_state(path: Path) -> object:
    """Read a recipe, and see that what is read is legal and reads back as itself."""
    from zoetrope.core.recipe import Recipe, restore
    from zoetrope.core.recipe_data import changed_files
    from zoetrope.core.recipe_files import extract
    from zoetrope.core.registry import registry

    recipe = extract(path)
    changed_files(recipe, registry())
    lab, parameters, _ = restore(recipe, registry())
    again = Recipe.from_code(Recipe.of(lab, parameters).to_code())
    assert restore(again, registry())[1] == parameters
    return parameters


def session_and_states(path: Path) -> object:
    """Read a session, and of what is read the settings and each lab's state."""
    from zoetrope.core.parameters import ParameterError
    from zoetrope.core.registry import registry
    from zoetrope.gui.session import parse
    from zoetrope.gui.settings import Settings

    session = parse(path.read_bytes())
    assert Settings.adapt(session.get("settings")).numbers  # earlier versions kept them there
    for name, state in session["labs"].items():
        if name in registry() and isinstance(state, dict):
            plain = state.get("parameters")
            if isinstance(plain, dict):
                with suppress(ParameterError):
                    registry()[name].parameters.adapt(plain)
    return session


def try_file(tally: Tally, name: str, path: Path, readers: list[Reader]) -> None:
    """Have a file read by all that read its kind, and note what became of it."""
    tally.files += 1
    for read in readers:
        began = time.thread_time()
        try:
            read(path)
            tally.read += 1
        except (ValueError, MemoryError) as error:
            tally.refused += 1
            if not _is_sentence(error):
                tally.wrong.append(f"{name}: {read.__qualname__}: {error!r}"[:300])
        except BaseException as error:
            tally.wrong.append(f"{name}: {read.__qualname__}: {error!r}"[:300])
        spent = time.thread_time() - began
        tally.slowest = max(tally.slowest, spent)
        if spent > LONGEST:
            tally.wrong.append(f"{name}: {read.__qualname__} took {spent:.1f} s")


def _is_sentence(error: Exception) -> bool:
    """Say whether an error is one of the program's own, in one sentence."""
    own = type(error).__module__.startswith("zoetrope.")
    return own and str(error).rstrip().endswith((".", "!", "?"))


def run(count: int, seed: int) -> dict[str, Any]:
    """Read so many bad files of each kind; return the tallies, what was done that may not be, and
    the most memory in MB that the process has taken.
    """
    from PIL import Image

    from tests.soak.good_files import good

    tallies, seen = {}, []
    by_kind = readers()
    with TemporaryDirectory() as name:
        folder = Path(name)
        Image.init()  # what is loaded at the first use is loaded now
        for kind in by_kind:
            for ending, data in good()[kind]:
                path = folder / f"good{ending}"
                path.write_bytes(data)
                for read in by_kind[kind]:
                    with suppress(ValueError):
                        read(path)
        for kind, known in by_kind.items():
            tally = tallies[kind] = Tally()
            for number, (what, ending, data) in enumerate(files(kind, count, seed)):
                path = folder / f"{number}{ending}"
                path.write_bytes(data)
                with watching(folder) as done:
                    try_file(tally, what, path, known)
                seen += [f"{what}: {one}" for one in done]
                path.unlink()
    peak = peak_megabytes()
    kinds = {kind: asdict(tally) for kind, tally in tallies.items()}
    return {"kinds": kinds, "seen": seen, "peak": peak}


def peak_megabytes() -> float:
    """Return the most memory that this process has taken.

    On Linux `ru_maxrss` would begin with what the process that started this one had taken.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return next(
            int(line.split()[1]) / 1024
            for line in status.read_text(encoding="utf-8").splitlines()
            if line.startswith("VmHWM")
        )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.stdout.write(json.dumps(run(int(sys.argv[1]), int(sys.argv[2]))))
