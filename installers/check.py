"""Says whether a built program works: it tells its version, exports a figure of each lab and opens
its window, from a folder of its own. `python installers/check.py dist/zoetrope` prints its size.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STARTS_WITHIN = 60.0  # seconds until the window's session is written


def main(folder: Path) -> None:
    """Check the program in a folder; an error ends it."""
    program = folder / ("zoetrope.exe" if sys.platform == "win32" else "zoetrope")
    with tempfile.TemporaryDirectory() as place:
        state = Path(place) / "state"
        environment = {**os.environ, "ZOETROPE_STATE_DIR": str(state), "PYTHONPATH": ""}

        def run(*arguments: str) -> str:
            done = subprocess.run(
                [program.resolve(), *arguments], cwd=place, env=environment,
                capture_output=True, text=True, timeout=300,
            )  # fmt: skip
            if done.returncode:
                raise SystemExit(f"{' '.join(arguments)}: {done.stderr or done.stdout}")
            return done.stdout

        labs = [line.split()[0] for line in run("labs").splitlines() if line[:1].strip()]
        for lab in labs:
            began = time.perf_counter()
            run("export", lab, "--out", f"{lab}.pdf")
            size = (Path(place) / f"{lab}.pdf").stat().st_size
            print(f"{lab}.pdf  {size / 1e3:.0f} kB in {time.perf_counter() - began:.1f} s")
        window = subprocess.Popen([program.resolve()], cwd=place, env=environment)
        end = time.monotonic() + STARTS_WITHIN
        while not list(state.glob("session*")):
            if window.poll() is not None or time.monotonic() > end:
                raise SystemExit("The window did not open.")
            time.sleep(0.2)
        window.terminate()
        if window.wait(timeout=30):
            raise SystemExit(f"The window ended with {window.returncode}.")
    held = sum(file.lstat().st_size for file in folder.rglob("*"))
    print(f"{folder}: {held / 1e6:.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
