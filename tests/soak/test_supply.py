"""What the program stands on is pinned, hashed, licensed so that it may be combined, and listed."""

import json

import pytest

from tests.soak import supply


def test_every_dependency_is_pinned_and_hashed() -> None:
    needed, pinned, sums = supply.dependencies(), supply.pins(), supply.hashes()
    assert set(needed) <= set(sums), set(needed) - set(sums)
    assert {name: pinned.get(name) for name in sums} == {n: v for n, (v, _) in sums.items()}
    assert all(digests for _, digests in sums.values())


def test_every_licence_is_known_and_may_be_combined_with_the_gpl() -> None:
    for name, package in supply.dependencies().items():
        told = supply.licence(package)
        assert told, f"{name} does not say its licence"
        assert supply.incompatible(told) == [], name


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ("MIT AND Apache-2.0", []),
        ("Proprietary OR MIT", []),
        ("GPL-2.0-only", ["GPL-2.0-only"]),
        ("MIT AND (SSPL-1.0 OR Proprietary)", ["SSPL-1.0 OR Proprietary"]),
        ("", [""]),
    ],
)
def test_a_licence_that_may_not_be_combined_is_named(expression: str, wrong: list[str]) -> None:
    assert supply.incompatible(expression) == wrong


def test_the_bill_of_materials_is_of_today() -> None:
    """`python -m tests.soak.supply` writes it anew."""
    kept = json.loads(supply.SBOM.read_text(encoding="utf-8"))
    listed = {one["purl"]: one for one in kept["components"]}
    assert {one["purl"] for one in supply.sbom()["components"]} <= set(listed)
    assert all(one["hashes"] and one["licenses"][0]["expression"] for one in listed.values())
