"""The rope of the lab in its world: the arguments of the solver, and the solution in steps."""

import time
from collections.abc import Generator
from typing import Any, TypeVar

from zoetrope.core.figure import Figure
from zoetrope.core.lab import Frame
from zoetrope.core.rope.lab_parameters import RopeParameters
from zoetrope.core.rope.solution import RopeSolution
from zoetrope.core.stepping import Steps

PATIENCE = 0.015  # seconds of work between two looks at what is wanted now

Result = TypeVar("Result")


def loads_of(parameters: RopeParameters) -> dict[str, Any]:
    """The loads of `zoetrope.core.rope.solve` that the parameters ask for."""
    loads: dict[str, Any] = {}
    if parameters.upright_gravity:
        loads["gravity"] = parameters.gravity
    if parameters.drag:
        loads["air_density"] = parameters.air
        loads["drag_coefficient"] = parameters.drag_coefficient
        loads["diameter"] = parameters.diameter / 1000
    if parameters.stretches:
        loads["EA"] = parameters.stiffness
    if parameters.end_phase and parameters.radius0 and parameters.radius1:
        loads["phase"] = parameters.end_phase
    return loads


def arguments_of(parameters: RopeParameters) -> dict[str, Any]:
    """The arguments of `solve` beside length and span."""
    return {
        "omega": parameters.omega,
        "density": parameters.density / 1000,
        "mode": parameters.mode,
        "radius0": parameters.radius0,
        "radius1": parameters.radius1,
        **loads_of(parameters),
    }


def arguments_in_any_air(parameters: RopeParameters) -> dict[str, Any]:
    """The arguments of `stall` and `drag_branch` beside length and span: all but mode and air."""
    named = ("omega", "density", "gravity", "EA", "phase", "radius0", "radius1")
    return {name: value for name, value in arguments_of(parameters).items() if name in named}


def world_steps(parameters: RopeParameters) -> Steps[RopeSolution]:
    """Solve the rope in its world; yields the share done. RopeError as `solve` and `inverse`."""
    from zoetrope.core.rope.load_inversion import inverse_steps
    from zoetrope.core.rope.steady import solve_steps

    arguments = arguments_of(parameters)
    if parameters.length is not None:
        return (yield from solve_steps(parameters.length, parameters.span, **arguments))
    size = {parameters.given: getattr(parameters, parameters.given)}
    return (yield from inverse_steps(parameters.span, **size, **arguments))


def waited(
    steps: Steps[Result], parameters: RopeParameters
) -> Generator[Frame, RopeParameters, tuple[Result, RopeParameters]]:
    """Take the steps; frames without a picture say how far they are where they take long."""
    began = time.perf_counter()
    while True:
        try:
            share = next(steps)
        except StopIteration as end:
            result: Result = end.value
            return result, parameters
        if time.perf_counter() - began > PATIENCE:
            parameters = yield Frame(figure=Figure(panels=()), progress=share, final=False)
            began = time.perf_counter()
