"""An engine with labs that do what a test tells them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.core.engine.scripted import Screen
from zoetrope.core.engine import Engine
from zoetrope.core.lab import Lab


@pytest.fixture
def start() -> Iterator[Callable[..., tuple[Engine, Screen]]]:
    engines: list[Engine] = []

    def make(*labs: Lab[Any]) -> tuple[Engine, Screen]:
        screen = Screen()
        engine = Engine({lab.id: lab for lab in labs}, screen.notify, warm_up=False)
        screen.engine = engine
        engines.append(engine)
        return engine, screen

    yield make
    for engine in engines:
        assert engine.close()
