"""What the program stands on: every dependency with its version, licence and hash.

`python -m tests.soak.supply` writes `sbom.json` (CycloneDX) at the top of the checkout from what is
installed. Hashes are those of `hashes.txt`, which pip checks: `pip install --require-hashes -r
hashes.txt`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SBOM = ROOT / "sbom.json"
HASHES = ROOT / "hashes.txt"
CONSTRAINTS = ROOT / "constraints.txt"
EXTRAS = frozenset(["video", "parquet", "heads", "sweep"])  # what people may install
# Licences that may be combined with the GPL, version 3: gnu.org/licenses/license-list.
COMPATIBLE = frozenset(
    ["MIT", "MIT-CMU", "BSD", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Apache-2.0", "PSF-2.0",
     "Zlib", "CC0-1.0", "BSL-1.0", "MPL-2.0", "LGPL-3.0", "GPL-3.0-only",
     "GPL-3.0-or-later", "Apache-2.0 WITH LLVM-exception"]
)  # fmt: skip
# What older packages write in place of an SPDX identifier.
_OLD = (
    (r"\bMIT\b", "MIT"), (r"\bBSD[ -]2", "BSD-2-Clause"), (r"\bBSD[ -]3", "BSD-3-Clause"),
    (r"\bBSD\b", "BSD"), (r"Apache", "Apache-2.0"), (r"PSF|Python Software Foundation", "PSF-2.0"),
    (r"LGPL v3", "LGPL-3.0"), (r"MPL|Mozilla", "MPL-2.0"),
)  # fmt: skip


def canonical(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def dependencies() -> dict[str, Distribution]:
    """Return all packages that the program needs, with any of its extras, by canonical name."""
    found: dict[str, Distribution] = {}
    waiting: list[tuple[str, frozenset[str]]] = [("zoetrope", EXTRAS)]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            here = distribution(name)
        except PackageNotFoundError:
            continue  # an extra that is not installed, or of another system
        found[canonical(name)] = here
        waiting += list(_wanted(here, extras))
    found.pop("zoetrope", None)
    return dict(sorted(found.items()))


def _wanted(package: Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    from packaging.requirements import Requirement

    for line in package.requires or ():
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": e}) for e in ("", *extras)):
            yield canonical(requirement.name), frozenset(requirement.extras)


def licence(package: Distribution) -> str:
    """Return the licence of a package as an SPDX expression; "" where it does not say."""
    about = package.metadata
    expression = about.get("License-Expression")
    if expression:
        return str(expression)
    told = [c for c in about.get_all("Classifier") or () if c.startswith("License ::")]
    for text in (*told, (about.get("License") or "").split("\n")[0]):
        for pattern, known in _OLD:
            if re.search(pattern, text):
                return known
    return ""


def incompatible(expression: str) -> list[str]:
    """Return the licences in an expression that may not be combined with this program's."""
    parts = [part.strip(" ()") for part in re.split(r"\bAND\b", expression)]
    return [
        part for part in parts
        if not any(one.strip(" ()") in COMPATIBLE for one in re.split(r"\bOR\b", part))
    ]  # fmt: skip


def pins() -> dict[str, str]:
    """Return the versions that the program is tested with, by canonical name."""
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    pinned = (line.split("==") for line in lines if "==" in line)
    return {canonical(name): version.strip() for name, version in pinned}


def hashes() -> dict[str, tuple[str, list[str]]]:
    """Return the version and the SHA-256 sums of each package in `hashes.txt`."""
    text = HASHES.read_text(encoding="utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if "==" in line and not line.startswith("#"):
            name, _, rest = line.partition("==")
            found[canonical(name)] = (rest.split()[0], re.findall(r"sha256:([0-9a-f]{64})", line))
    return found


def sbom() -> dict[str, Any]:
    """Return the bill of materials."""
    known = hashes()
    components = []
    for name, package in dependencies().items():
        version = package.version.split("+")[0]
        sums = known.get(name, ("", []))[1]
        components.append({
            "type": "library", "name": package.metadata["Name"], "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            "licenses": [{"expression": licence(package)}],
            "hashes": [{"alg": "SHA-256", "content": digest} for digest in sums],
        })  # fmt: skip
    return {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"component": {"type": "application", "name": "zoetrope",
                                   "licenses": [{"expression": "GPL-3.0-or-later"}]}},
        "components": components,
    }  # fmt: skip


if __name__ == "__main__":
    SBOM.write_text(json.dumps(sbom(), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(sbom()['components'])} components in {SBOM.name}\n")
