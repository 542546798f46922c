"""A trained flow: densities, both directions, samples, and what can be measured about it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from zoetrope.core.iresnet import block_maps, checkpoint_files, lipschitz_bounds, plane_measures
from zoetrope.core.iresnet.config import IResNetConfig, chosen, positive, whole
from zoetrope.core.iresnet.errors import IResNetError
from zoetrope.core.iresnet.estimates import Estimates, estimates_steps
from zoetrope.core.iresnet.inverse_solvers import METHODS
from zoetrope.core.iresnet.inversion import Report, inverse_steps
from zoetrope.core.iresnet.plane_measures import Extent, Folds
from zoetrope.core.iresnet.weights import blocks, flat_size, initial, resized
from zoetrope.core.stepping import Steps, finish

_LOG_TWO_PI = math.log(2 * math.pi)
_INVERTED = 4096  # points that are inverted at once, at most
_INVERTED_FEATURES = 1 << 20  # and features of a block


@dataclass(frozen=True, slots=True, eq=False)
class Lipschitz:
    """Each block's Lipschitz bound (the smaller of both kinds), the largest ||J|| found on points,
    and its layers' spectral norms, all [K]; and ||J|| at all those points [K, N]; float64.
    """

    bound: Tensor
    empirical: Tensor
    sigma1: Tensor
    sigma2: Tensor
    norms: Tensor


class Model:
    """An i-ResNet on the plane with weights that stay as they are.

    Everything is evaluated in float64 without gradients and returned as CPU tensors; points are
    rows [N, 2], in the data's coordinates unless said. "Latent" points are those that the flow
    maps to a standard Gaussian. Densities are in nats.
    """

    def __init__(
        self,
        config: IResNetConfig,
        flat: Tensor | None = None,
        mean: Tensor | None = None,
        std: Tensor | None = None,
        notes: dict[str, Any] | None = None,
    ) -> None:
        self.config = config
        self.flat = (initial(config) if flat is None else flat).detach().to("cpu", torch.float32)
        if self.flat.shape != (flat_size(config),):
            raise IResNetError(
                "bad_shape",
                f"These are {self.flat.numel()} weights; this network has {flat_size(config)}.",
                "flat",
            )
        self.mean = _pair(0.0) if mean is None else mean.detach().to("cpu", torch.float64)
        self.std = _pair(1.0) if std is None else std.detach().to("cpu", torch.float64)
        self.notes = dict(notes or {})
        self.flow = blocks(self.flat, config, self.mean, self.std)
        self._bounds = self._block_bounds()

    def _block_bounds(self) -> Tensor:
        if self.flow.count == 0:
            return torch.zeros(0, dtype=torch.float64)
        inner = self.flow.inner[:, : self.config.hidden]  # without the mirrored rows
        return lipschitz_bounds.block_bounds(inner, self.flow.outer)

    @property
    def bounds(self) -> Tensor:
        """Each block's Lipschitz bound [K]."""
        return self._bounds

    @property
    def valid_density(self) -> bool:
        """Whether every block is surely invertible, so that exp(log_prob) is a density."""
        return bool((self._bounds < 1).all())

    def forward(self, x: Any) -> tuple[Tensor, Tensor]:
        """Return latent points [N, 2] and log |det dz/dx| [N], of the data's coordinates."""
        return finish(self.forward_steps(x))

    def forward_steps(self, x: Any) -> Steps[tuple[Tensor, Tensor]]:
        """As `forward`, in steps of some 20 ms."""
        points = rows(x).t()
        latent, log_det = torch.empty_like(points), torch.empty_like(points[0])
        size = block_maps.chunk(self.flow)
        for start in range(0, points.shape[1], size):
            part = slice(start, start + size)
            latent[:, part], log_det[part] = block_maps.forward(self.flow, points[:, part])
            yield min(1.0, (start + size) / points.shape[1])
        return latent.t().contiguous(), log_det

    def log_prob(self, x: Any) -> Tensor:
        """Return log p [N] in nats; of a network that folds, what it would report."""
        return finish(self.log_prob_steps(x))

    def log_prob_steps(self, x: Any) -> Steps[Tensor]:
        """As `log_prob`, in steps of some 20 ms."""
        latent, log_det = yield from self.forward_steps(x)
        return log_det - (latent * latent).sum(1) / 2 - _LOG_TWO_PI

    def jacobian(self, x: Any) -> Tensor:
        """Return dz/dx [N, 2, 2] of the whole flow, the data's standardisation included."""
        first = (self.flow.scale[0] / self.flow.std).diag()
        whole_map = first.expand(len(rows(x)), 2, 2)
        for k, jacobian in enumerate(self.block_jacobians(x)):
            scale = self.flow.scale[k + 1].unsqueeze(1)
            whole_map = scale * (whole_map + jacobian @ whole_map)
        return whole_map.contiguous()

    def block_jacobians(self, x: Any) -> Tensor:
        """Return the Jacobian of each block's g [K, N, 2, 2] where the points x pass."""
        found = self._jacobian_rows(rows(x).t())
        return found.transpose(1, 2).reshape(*found.shape[::2], 2, 2)

    def _jacobian_rows(self, points: Tensor) -> Tensor:
        flow, found = self.flow, []
        x = block_maps.affine(flow, 0, (points - flow.mean[:, None]) / flow.std[:, None])
        for k in range(flow.count):
            step, jacobian = block_maps.residual_and_jacobian(flow, k, x)
            found.append(jacobian)
            x = block_maps.affine(flow, k + 1, x + step)
        return torch.stack(found) if found else points.new_empty(0, 4, points.shape[1])

    def inverse(
        self,
        z: Any,
        method: str = "newton",
        tol: float = 1e-10,
        max_iter: int = 50,
        trace: bool = False,
    ) -> tuple[Tensor, Report]:
        """Return the points [N, 2] that the flow maps to z, and how well that is known.

        method: "newton", "picard" or "anderson". tol: the error allowed in each block, in its
        coordinates. max_iter: iterations a block. Never raises for points that do not converge:
        the report says which. Raises IResNetError for bad arguments.
        """
        return finish(self.inverse_steps(z, method, tol, max_iter, trace))

    def inverse_steps(
        self,
        z: Any,
        method: str = "newton",
        tol: float = 1e-10,
        max_iter: int = 50,
        trace: bool = False,
    ) -> Steps[tuple[Tensor, Report]]:
        """As `inverse`, in steps of one iteration on at most 4096 points (all with a trace)."""
        chosen("method", method, METHODS)
        positive("tol", tol)
        whole("max_iter", max_iter, 1, 1_000_000)
        latent = rows(z).t()
        features = self.flow.inner.shape[1]
        size = max(1, min(_INVERTED, _INVERTED_FEATURES // features))
        size = max(1, latent.shape[1]) if trace else size
        found, reports = [], []
        for start in range(0, max(1, latent.shape[1]), size):
            piece = latent[:, start : start + size]
            x, report = yield from inverse_steps(
                self.flow, self._bounds, piece, method, tol, max_iter, trace
            )
            found.append(x.t())
            reports.append(report)
        if len(reports) == 1:
            return found[0].contiguous(), reports[0]
        return torch.cat(found), Report(
            torch.cat([report.iterations for report in reports]),
            torch.cat([report.residual for report in reports]),
            torch.cat([report.converged for report in reports]),
            torch.cat([report.bound for report in reports]),
            None,
        )

    def sample(self, n: int, seed: int) -> Tensor:
        """Return n points [n, 2] drawn from the density, by Newton from Gaussian latent points."""
        return finish(self.sample_steps(n, seed))

    def sample_steps(self, n: int, seed: int) -> Steps[Tensor]:
        """As `sample`, in steps."""
        x, _ = yield from self.inverse_steps(gaussian(n, seed))
        return x

    def layers(self, x: Any, substeps: int = 1) -> Tensor:
        """Return the points' way to their latent places, [K substeps + 1, N, 2].

        It begins at the standardised data and ends at `forward`'s points (without blocks there is
        only the beginning); between layers the
        homotopy x + tau g(x) is invertible at every tau where the blocks are.
        """
        return finish(self.layers_steps(x, substeps))

    def layers_steps(self, x: Any, substeps: int = 1) -> Steps[Tensor]:
        """As `layers`, in steps of a frame."""
        whole("substeps", substeps, 1, 1000)
        flow = self.flow
        x = (rows(x).t() - flow.mean[:, None]) / flow.std[:, None]
        frames = [x]
        for k in range(flow.count):
            for s in range(1, substeps + 1):
                frames.append(block_maps.segment(flow, k, x, s / substeps))
                yield (k + s / substeps) / flow.count
            x = frames[-1]
        return torch.stack(frames).transpose(1, 2).contiguous()

    def at_layer(self, x: Any, position: float) -> Tensor:
        """Return the points [N, 2] at one place between 0 and K of the way that `layers` shows."""
        flow = self.flow
        x = (rows(x).t() - flow.mean[:, None]) / flow.std[:, None]
        position = min(max(position, 0.0), float(flow.count))
        for k in range(math.ceil(position)):
            x = block_maps.segment(flow, k, x, min(1.0, position - k))
        rows_again: Tensor = x.t().contiguous()
        return rows_again

    def lipschitz(self, x: Any = None) -> Lipschitz:
        """Return bounds and, on points x (a 64 x 64 grid of three standard deviations of the data
        around their mean if not given), ||J|| of each block.
        """
        return finish(self.lipschitz_steps(x))

    def lipschitz_steps(self, x: Any = None) -> Steps[Lipschitz]:
        """As `lipschitz`, in steps."""
        points = self._wide_grid() if x is None else rows(x).t()
        norms = points.new_empty(self.flow.count, points.shape[1])
        size = block_maps.chunk(self.flow)
        for start in range(0, points.shape[1], size):
            found = self._jacobian_rows(points[:, start : start + size])
            matrices = found.transpose(1, 2).reshape(*found.shape[::2], 2, 2)
            norms[:, start : start + size] = lipschitz_bounds.matrix_norm(matrices)
            yield min(1.0, (start + size) / points.shape[1])
        inner = self.flow.inner[:, : self.config.hidden]
        first, second = lipschitz_bounds.layer_norms(inner, self.flow.outer)
        return Lipschitz(self._bounds.clone(), norms.amax(1), first, second, norms)

    def _wide_grid(self) -> Tensor:
        mean, reach = self.mean.tolist(), (3 * self.std).tolist()
        sides = [mean[i] + side * reach[i] for i in (0, 1) for side in (-1, 1)]
        return plane_measures.grid_points(plane_measures.checked_extent(sides), 64).t()

    def density_grid(self, extent: Extent, n: int) -> Tensor:
        """Return log p [n, n] at the middles of a grid's cells; rows go up y, columns along x.

        extent: (x from, x to, y from, y to).
        """
        return finish(self.density_grid_steps(extent, n))

    def density_grid_steps(self, extent: Extent, n: int) -> Steps[Tensor]:
        """As `density_grid`, in steps."""
        points = plane_measures.grid_points(plane_measures.checked_extent(extent), n)
        values = yield from self.log_prob_steps(points)
        return values.view(n, n)

    def integral(self, extent: Extent = (-8, 8, -8, 8), n: int = 400) -> float:
        """Return the integral of p over the extent by the midpoint rule with n x n cells."""
        return finish(self.integral_steps(extent, n))

    def integral_steps(self, extent: Extent = (-8, 8, -8, 8), n: int = 400) -> Steps[float]:
        """As `integral`, in steps."""
        values = yield from self.density_grid_steps(extent, n)
        left, right, bottom, top = extent
        return float(values.exp().sum()) * (right - left) * (top - bottom) / n**2

    def folds(self, extent: Extent, n: int) -> Folds:
        """Return where the whole flow keeps or reverses orientation, on a grid as
        `density_grid`'s.
        """
        return finish(self.folds_steps(extent, n))

    def folds_steps(self, extent: Extent, n: int) -> Steps[Folds]:
        """As `folds`, in steps."""
        points = plane_measures.grid_points(plane_measures.checked_extent(extent), n)
        signs = yield from plane_measures.orientation_steps(self.flow, points.t())
        return Folds(signs.view(n, n), float((signs < 0).double().mean()))

    def preimages(self, z: Any, extent: Extent = (-8, 8, -8, 8), starts: int = 24) -> Tensor:
        """Return the distinct points [m, 2] of the extent that the flow maps to one z [2].

        Newton's method on the whole map from starts x starts places: every one found is a true
        preimage, of which a folding network has several; a few may be missed.
        """
        return finish(self.preimages_steps(z, extent, starts))

    def preimages_steps(
        self, z: Any, extent: Extent = (-8, 8, -8, 8), starts: int = 24
    ) -> Steps[Tensor]:
        """As `preimages`, in steps."""
        return (yield from plane_measures.preimages_steps(self, rows(z)[0], extent, starts))

    def estimators(self, x: Any, terms: int = 20) -> Estimates:
        """Return what the papers' estimators make of the log-determinant at x, beside the exact
        one; `terms` is the longest series.
        """
        return finish(self.estimators_steps(x, terms))

    def estimators_steps(self, x: Any, terms: int = 20) -> Steps[Estimates]:
        """As `estimators`, in steps of a block."""
        whole("terms", terms, 1, 200)
        jacobians = self._jacobian_rows(rows(x).t())
        yield 0.0
        return (yield from estimates_steps(jacobians, self._bounds, terms))

    def resized(self, n_blocks: int) -> Model:
        """Return the flow with blocks appended that change nothing yet, or its last ones gone."""
        flat, config = resized(self.flat, self.config, n_blocks)
        return Model(config, flat, self.mean, self.std, self.notes)

    def save(self, path: str | Path) -> None:
        """Write a safetensors file: weights, mean, std, and the config and notes as JSON."""
        checkpoint_files.write(Path(path), self.encoded())

    def encoded(self) -> bytes:
        """Return what `save` writes."""
        return checkpoint_files.encoded(self.config, self.flat, self.mean, self.std, self.notes)

    @classmethod
    def load(cls, path: str | Path) -> Model:
        """Read such a file; raises IResNetError naming what is wrong with it."""
        return cls(*checkpoint_files.read(Path(path)))


def rows(x: Any) -> Tensor:
    """Return points as float64 rows [N, 2]; raises IResNetError for other shapes."""
    try:
        points = torch.as_tensor(x).detach().to("cpu", torch.float64)
    except (TypeError, ValueError) as error:
        raise IResNetError("bad_shape", "Points must be rows of two numbers.", "points") from error
    points = points.unsqueeze(0) if points.ndim == 1 else points
    if points.ndim != 2 or points.shape[1] != 2:
        raise IResNetError(
            "bad_shape", f"Points are {tuple(points.shape)}; give rows of two numbers.", "points"
        )
    return points


def _pair(value: float) -> Tensor:
    return torch.full((2,), value, dtype=torch.float64)


def gaussian(n: int, seed: int) -> Tensor:
    """Return n standard Gaussian points [n, 2], float64; equal seeds give equal points."""
    whole("n", n, 1, 10_000_000)
    whole("seed", seed, 0, 2**63 - 1)
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, 2, generator=generator, dtype=torch.float64)
