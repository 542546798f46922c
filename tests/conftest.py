"""Puts the small lab that is only a folder beside the tests among the labs, as a stranger would.

And keeps torch to one thread: two test processes with two threads each on two cores spin at each
other's barriers and take ten times as long.
"""

import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before anything loads torch

import zoetrope.core

zoetrope.core.__path__.append(str(Path(__file__).parent / "labs"))
