"""How this program is called where it runs, for sentences that say what to type."""

from __future__ import annotations

import os
import sys


def program_name() -> str:
    """Return what starts the program here: in a checkout its file, installed its command."""
    return "python main.py" if os.path.basename(sys.argv[0]) == "main.py" else "zoetrope"
