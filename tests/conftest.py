"""Puts the small lab that is only a folder beside the tests among the labs, as a stranger would."""

from pathlib import Path

import zoetrope.core

zoetrope.core.__path__.append(str(Path(__file__).parent / "labs"))
