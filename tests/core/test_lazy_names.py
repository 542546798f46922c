"""Packages whose names are loaded when they are first used."""

import importlib

import pytest


@pytest.mark.parametrize("lab", ["rope", "hsic", "attention", "iresnet"])
def test_every_public_name_is_there_and_listed(lab: str) -> None:
    package = importlib.import_module(f"zoetrope.core.{lab}")
    assert dir(package) == sorted(package.__all__)
    for name in package.__all__:
        assert getattr(package, name) is vars(package)[name]
    with pytest.raises(AttributeError, match="nothing_such"):
        package.nothing_such  # noqa: B018


@pytest.mark.parametrize("lab", ["rope", "hsic", "attention", "iresnet"])
def test_no_module_hides_a_function_of_its_name(lab: str) -> None:
    package = importlib.import_module(f"zoetrope.core.{lab}")
    for name in package.__all__:
        getattr(package, name)
        home = vars(package)[name].__module__ if hasattr(vars(package)[name], "__module__") else ""
        assert home != f"zoetrope.core.{lab}.{name}", name
