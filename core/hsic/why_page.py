"""The page "Why kernels?" at work."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.hsic.dependence_page import options
from zoetrope.core.hsic.function_families import Climb, climb, gaussian_family
from zoetrope.core.hsic.lab_page import Page
from zoetrope.core.hsic.lab_readouts import notices, readouts, tables
from zoetrope.core.hsic.why_view import frequencies, why_page
from zoetrope.core.lab import Frame, Notice

if TYPE_CHECKING:
    from zoetrope.core.hsic import SingularFunctions
    from zoetrope.core.hsic.at_widths import AtWidths
    from zoetrope.core.hsic.dependence_spectrum import Spectrum
    from zoetrope.core.hsic.lab_jobs import Job

GRID = 160


class WhyPage(Page):
    """Dependence spectrum, and the sum of squared covariances that HSIC is."""

    def jobs(self) -> Iterator[Job[Any]]:
        """Yield HSIC, the spectrum, and the family that is chosen."""
        yield self._at()
        yield self._spectrum()
        yield self._pairs() if self.parameters.family == "singular" else self._climb()

    def _at(self) -> Job[AtWidths]:
        return self.study.at(self.parameters.factors)

    def _spectrum(self) -> Job[Spectrum]:
        def steps() -> Iterator[Spectrum]:
            from zoetrope.core.hsic import spectrum

            study = self.study
            if study.data.single and not any(math.isnan(unit) for unit in study.units):
                yield spectrum(study.data.x, study.data.y, *frequencies(study))

        return self.study.jobs.get("spectrum", None, steps)

    def _climb(self) -> Job[Climb]:
        factors, family = self.parameters.factors, self.parameters.family

        def steps() -> Iterator[Climb]:
            study, at = self.study, self._at().result
            gaussian = study.kernels == ("gaussian", "gaussian") and study.data.single
            if at is None or not gaussian or any(block.constant for block in study.blocks):
                return
            assert at.width_x is not None
            assert at.width_y is not None
            f, names_x = gaussian_family(study.data.x[:, 0], at.width_x, family)
            g, names_y = gaussian_family(study.data.y[:, 0], at.width_y, family)
            yield climb(f, g, (names_x, names_y), at.hsic)

        return self.study.jobs.get("climb", (factors, family), steps)

    def _pairs(self) -> Job[SingularFunctions]:
        factors = self.parameters.factors

        def steps() -> Iterator[SingularFunctions | None]:
            from zoetrope.core.hsic import singular_functions

            study = self.study
            if any(block.constant for block in study.blocks) or not study.data.single:
                return
            yield None
            width_x, width_y = study.widths(factors)
            grids = [np.linspace(v.min(), v.max(), GRID) for v in (study.data.x, study.data.y)]
            yield singular_functions(
                study.data.x, study.data.y, count=1, grid_x=grids[0], grid_y=grids[1],
                width_x=width_x, width_y=width_y,
                kernel_x=study.kernels[0], kernel_y=study.kernels[1],
            )  # fmt: skip

        return self.study.jobs.get("pairs", factors, steps)

    def frame(self, final: bool) -> Frame:
        """Return the picture of what is known."""
        study, parameters = self.study, self.parameters
        at, spectrum = self._at().result, self._spectrum().result
        singular = parameters.family == "singular"
        found = None if singular else self._climb().result
        pairs = self._pairs().result if singular else None
        columns = tables(study, None, None)
        if spectrum is not None and final:
            shape = spectrum.power.shape
            columns["frequency x"] = np.broadcast_to(spectrum.omega_x[:, None], shape).ravel()
            columns["frequency y"] = np.broadcast_to(spectrum.omega_y, shape).ravel()
            columns["power"] = spectrum.power.ravel()
        said = list(notices(study, parameters))
        if found is not None and abs(float(found.running[-1]) - found.hsic) > 0.005 * found.hsic:
            said.append(
                Notice(
                    f"{len(found.names_x)} functions of x and {len(found.names_y)} of y are "
                    "taken; kernels this narrow need more for the sum to come to HSIC."
                )
            )
        return Frame(
            figure=why_page(study, parameters, at, spectrum, found, pairs),
            readouts=readouts(study, at, None, None),
            notices=tuple(said),
            tables=columns,
            options=options(study),
            progress=self.progress(final, 0.5),
            final=final,
        )
