"""Shares and means with their intervals, and whether two versions differ on the same cases.

Plain Python but for the bootstrap, which imports numpy when it is asked for: a replay of shares starts without it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

Z95 = 1.959963984540054
RESAMPLES = 2_000
SEED = 20_261_121


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    low: float
    high: float


def wilson(passed: int, of: int, z: float = Z95) -> Interval:
    """The score interval of a share (Wilson 1927). Of nothing: [0, 1]."""
    if of == 0:
        return Interval(low=0.0, high=1.0)
    share, square = passed / of, z * z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = z / (1 + square / of) * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    low, high = (0.0 if passed == 0 else middle - half), (1.0 if passed == of else middle + half)
    return Interval(low=max(low, 0.0), high=min(high, 1.0))


def mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values)


def bootstrap(values: Sequence[float], clusters: Sequence[str], seed: int = SEED) -> Interval:
    """The 95 % percentile interval of the mean, whole clusters drawn with replacement. One cluster: no width is known."""
    sums: dict[str, list[float]] = {}
    for value, cluster in zip(values, clusters, strict=True):
        entry = sums.setdefault(cluster, [0.0, 0.0])
        entry[0] += value
        entry[1] += 1
    if len(sums) < 2:
        return Interval(low=-math.inf, high=math.inf)
    import numpy as np

    totals = np.array([sums[name] for name in sorted(sums)])
    drawn = _draws(len(sums), seed) @ totals
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], [2.5, 97.5])
    return Interval(low=float(low), high=float(high))


@lru_cache(maxsize=8)
def _draws(clusters: int, seed: int):  # type: ignore[no-untyped-def]
    """[RESAMPLES, clusters]: how often each cluster is drawn. The same for every metric, so that they move together."""
    import numpy as np

    chance = np.full(clusters, 1 / clusters)
    return np.random.default_rng(seed).multinomial(clusters, chance, size=RESAMPLES).astype(np.float64)


@lru_cache(maxsize=4096)
def mcnemar(lost: int, won: int, two_sided: bool = True) -> float:
    """The mid-p of McNemar's exact test (Fagerland, Lydersen and Laake 2013): `lost` passed before and fail now.

    One-sided: how probable it is to lose so much where nothing changed.
    """
    n = lost + won
    if n == 0:
        return 1.0
    if two_sided:
        small = min(lost, won)
        tail = 2 * _at_most(small, n) - _exactly(small, n)
        return min(1.0, tail)
    return min(1.0, _at_most(won, n) - 0.5 * _exactly(won, n))


def _exactly(k: int, n: int) -> float:
    return math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2))


def _at_most(k: int, n: int) -> float:
    return math.fsum(_exactly(i, n) for i in range(k + 1))


def paired_drop(changes: Sequence[float], clusters: Sequence[str], seed: int = SEED) -> tuple[Interval, float]:
    """Of changes B - A case by case: the cluster bootstrap's interval of their mean, and the one-sided p of a drop."""
    interval = bootstrap(changes, clusters, seed)
    if math.isinf(interval.low) or not any(changes):
        return interval, 1.0
    import numpy as np

    names = sorted(set(clusters))
    place = {name: at for at, name in enumerate(names)}
    totals = np.zeros((len(names), 2))
    for change, cluster in zip(changes, clusters, strict=True):
        totals[place[cluster]] += (change, 1)
    drawn = _draws(len(names), seed) @ totals
    means = drawn[:, 0] / drawn[:, 1]
    centred = means - means.mean()
    return interval, float((1 + np.sum(centred <= mean(changes))) / (1 + RESAMPLES))


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Adjusted p values (Holm 1979), in the order given."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    stepped = accumulate((min(1.0, (len(order) - rank) * p_values[at]) for rank, at in enumerate(order)), max)
    adjusted = dict(zip(order, stepped, strict=True))
    return tuple(adjusted[at] for at in range(len(p_values)))


def detectable_drop(n: int, discordant: float, alpha: float = 0.05, power: float = 0.95) -> float:
    """The smallest drop of a share that a one-sided paired test on `n` cases finds with that power.

    `discordant`: the share of cases on which two versions differ (Connor 1987, solved for the difference).
    """
    if n == 0 or discordant <= 0:
        return 1.0
    z_alpha, z_power = _quantile(1 - alpha), _quantile(power)
    low, high = 0.0, 1.0
    for _ in range(60):
        drop = (low + high) / 2
        share = max(discordant, drop)
        reached = drop * math.sqrt(n) - z_alpha * math.sqrt(share) >= z_power * math.sqrt(max(share - drop * drop, 0.0))
        low, high = (low, drop) if reached else (drop, high)
    return high


def _quantile(probability: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf(probability)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kappa:
    """Agreement beyond chance (Cohen 1960) with a 95 % interval (Fleiss, Cohen and Everitt 1969)."""

    value: float
    low: float
    high: float


def kappa(both: int, only_first: int, only_second: int, neither: int) -> Kappa:
    """Of two yes-or-no judges. Where one of them always says the same, no agreement beyond chance is shown: 0 in [-1, 1].

    Where they never differ, the interval would have no width, however few were asked: its lower end is then that of Wilson's.
    """
    n = both + only_first + only_second + neither
    if n == 0:
        return Kappa(value=0.0, low=-1.0, high=1.0)
    table = ((both / n, only_first / n), (only_second / n, neither / n))
    rows = [sum(row) for row in table]
    columns = [table[0][at] + table[1][at] for at in (0, 1)]
    agreed = table[0][0] + table[1][1]
    chance = sum(r * c for r, c in zip(rows, columns, strict=True))
    if chance >= 1 or 0 in (*rows, *columns):
        return Kappa(value=0.0, low=-1.0, high=1.0)
    if only_first == only_second == 0:
        return Kappa(value=1.0, low=(wilson(n, n).low - chance) / (1 - chance), high=1.0)
    value = (agreed - chance) / (1 - chance)
    own = sum(table[at][at] * (1 - (rows[at] + columns[at]) * (1 - value)) ** 2 for at in (0, 1))
    other = sum(table[i][j] * (columns[i] + rows[j]) ** 2 for i in (0, 1) for j in (0, 1) if i != j)
    variance = (own + (1 - value) ** 2 * other - (value - chance * (1 - value)) ** 2) / (n * (1 - chance) ** 2)
    half = Z95 * math.sqrt(max(variance, 0.0))
    return Kappa(value=value, low=value - half, high=min(1.0, value + half))


def corrected_share(seen: float, sensitivity: float, specificity: float) -> float | None:
    """The share behind what an imperfect judge says (Rogan and Gladen 1978); None where the judge is no better than chance."""
    gain = sensitivity + specificity - 1
    return None if gain <= 0 else min(1.0, max(0.0, (seen + specificity - 1) / gain))
