"""HSIC: whether the p-values keep their level, and how often the tests find what is there.

Counts thousands of data sets and takes some ten minutes on one core: `python -m benchmarks
hsic_levels`. It is not among the benchmarks that run when none is named.
"""

from collections.abc import Iterator

from benchmarks.hsic import one_thread
from benchmarks.report import Figure, Report
from zoetrope.core import hsic as lab
from zoetrope.core.hsic.datasets import sample
from zoetrope.core.hsic.stepping import last

NULL_RELATIONS = ("uniform_normal", "exponential_t3", "discrete", "clusters")
SIZES = (30, 100)
FACTORS = (0.2, 1.0, 5.0)


def run(*, n_sets: int = 5000, honest_sets: int = 300, power_sets: int = 40) -> Report:
    """Count everything, on one thread."""
    with one_thread():
        figures = tuple(_figures(n_sets, honest_sets, power_sets))
    return Report(
        title="HSIC: the p-values' level, and the tests' power",
        how=f"Sizes count {n_sets} independent data sets a configuration, the honest p's "
        f"{honest_sets}, powers {power_sets} dependent ones.",
        figures=figures,
    )


def _figures(n_sets: int, honest_sets: int, power_sets: int) -> Iterator[Figure]:
    for name, share in moment_size(n_sets).items():
        kept = 0.04 <= share <= 0.06
        yield Figure(f"size at 5 %: {name}", share, "", "0.04 to 0.06", kept)
    for name, rates in honest_level(honest_sets).items():
        kept = 0.02 <= rates["honest"] <= 0.085
        yield Figure(f"honest p at 5 %: {name}", rates["honest"], "", "0.02 to 0.085", kept)
        yield Figure(f"smallest p of the map at 5 %: {name}", rates["naive"], "")
    for name, rates in power(power_sets).items():
        for test, share in rates.items():
            yield Figure(f"power, {name}: {test}", share, "")


def moment_size(n_sets: int) -> dict[str, float]:
    """How often the exact-moment p of independent data is at most 5 %, by configuration."""
    found = {}
    for relation in NULL_RELATIONS[:3]:
        for n in SIZES:
            for factor in FACTORS:
                rejected = 0
                for seed in range(n_sets):
                    drawn = sample(relation, n, seed=seed)
                    result = lab.moment_test(
                        drawn.x,
                        drawn.y,
                        width_x=factor * lab.median_width(drawn.x),
                        width_y=factor * lab.median_width(drawn.y),
                    )
                    rejected += result.p_value <= 0.05
                found[f"{relation}, n={n}, {factor} x median"] = rejected / n_sets
    return found


def honest_level(n_sets: int, n: int = 60) -> dict[str, dict[str, float]]:
    """How often the honest p, and the naive smallest p, of independent data is at most 5 %."""
    found = {}
    for relation in NULL_RELATIONS:
        rates = last(lab.power_steps(relation, n, n_sets=n_sets, n_perm=99))
        found[relation] = {"honest": rates.honest, "naive": rates.naive}
    return found


def power(n_sets: int) -> dict[str, dict[str, float]]:
    """How often n = 100 rows of y = sin(k pi x) + 0.5 e are found, by test."""
    found = {}
    for k in (4, 8):
        rates = last(lab.power_steps("sine", 100, noise=0.5, parameter=k, n_sets=n_sets, n_perm=99))
        found[f"sin({k} pi x)"] = {
            "median": rates.median,
            "honest": rates.honest,
            "best cell": float(rates.rate.max()),
            "distance correlation": rates.distance,
            "pearson": rates.pearson,
        }
    return found
