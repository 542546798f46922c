"""The page "Why kernels?" at work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from zoetrope.core.hsic.dependence_page import options
from zoetrope.core.hsic.function_families import Climb, climb_steps
from zoetrope.core.hsic.lab_page import Page
from zoetrope.core.hsic.lab_readouts import notices, readouts, tables
from zoetrope.core.hsic.why_view import frequencies, why_page
from zoetrope.core.lab import Frame, Notice, Readout

if TYPE_CHECKING:
    from zoetrope.core.hsic import SingularFunctions
    from zoetrope.core.hsic.at_widths import AtWidths
    from zoetrope.core.hsic.dependence_spectrum import Spectrum
    from zoetrope.core.long_work import Job

GRID = 160
MOST_ROWS = 1000  # whose singular functions are found


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
        def steps() -> Iterator[Spectrum | None]:
            from zoetrope.core.hsic.dependence_spectrum import spectrum_steps

            study = self.study
            if study.data.drawable and study.has_widths:
                x, y = study.data.x, study.data.y
                omegas = frequencies(study)
                yield (yield from spectrum_steps(x, y, *omegas, device=study.device))

        return self.study.jobs.get("spectrum", None, steps)

    def _climb(self) -> Job[Climb]:
        factors, family = self.parameters.factors, self.parameters.family

        def steps() -> Iterator[Climb | None]:
            study, at = self.study, self._at().result
            gaussian = study.names == ("gaussian", "gaussian") and study.data.single
            if at is None or not gaussian or study.constant:
                return
            assert at.width_x is not None
            assert at.width_y is not None
            x, y = study.data.x[:, 0], study.data.y[:, 0]
            widths = (at.width_x, at.width_y)
            yield (yield from climb_steps(x, y, widths, family, at.hsic, study.device))

        return self.study.jobs.get("climb", (factors, family), steps)

    def _pairs(self) -> Job[SingularFunctions]:
        factors = self.parameters.factors

        def steps() -> Iterator[SingularFunctions | None]:
            from zoetrope.core.hsic import singular_functions

            study = self.study.some(MOST_ROWS, self.parameters)
            if study.constant or not study.data.drawable:
                return
            yield None
            grids = [np.linspace(v.min(), v.max(), GRID) for v in (study.data.x, study.data.y)]
            yield singular_functions(
                study.data.x, study.data.y, count=1, grid_x=grids[0], grid_y=grids[1],
                **study.pair_options(factors),
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
        if singular and study.n > MOST_ROWS:
            said.append(Notice(f"The best pairs come from {MOST_ROWS} of {study.n} rows, drawn "
                               f"with seed {study.seed}.", "warning"))  # fmt: skip
        return Frame(
            figure=why_page(study, parameters, at, spectrum, found, pairs),
            readouts=(*_readouts(spectrum, found, pairs), *readouts(study, parameters, at)),
            notices=tuple(said),
            tables=columns,
            options=options(study),
            progress=self.progress(final, 0.5),
            final=final,
        )


def _readouts(
    spectrum: Spectrum | None, found: Climb | None, pairs: SingularFunctions | None
) -> tuple[Readout, ...]:
    """What the two pictures come to."""
    readouts = []
    if spectrum is not None:
        x, y = spectrum.peak
        readouts += [
            Readout("peak_x", "Peak frequency of x", x, symbol=r"\omega_x",
                    help="In radians per unit of x. A kernel of x about 1/ω wide lets it in."),
            Readout("peak_y", "Peak frequency of y", y, symbol=r"\omega_y",
                    help="In radians per unit of y. A kernel of y about 1/ω wide lets it in."),
            Readout("peak", "Dependence there", float(spectrum.power.max()),
                    help="|φxy − φxφy|² at the peak; noise alone reaches about "
                    f"{8 * spectrum.noise:.2g}."),
        ]  # fmt: skip
    if found is not None:
        readouts.append(
            Readout("climb", "Σ C[f, g]²", float(found.running[-1]),
                    help=f"Over {len(found.names_x)} by {len(found.names_y)} functions; HSIC if "
                    "none is missing.")
        )  # fmt: skip
    if pairs is not None:
        readouts.append(
            Readout("first_value", "Largest covariance", float(pairs.values[0]),
                    help="Of two functions of unit norm; its square is their share of HSIC. It is "
                    "called COCO.")
        )  # fmt: skip
    return tuple(readouts)
