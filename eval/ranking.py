"""Measures of a ranking against graded gold, as trec_eval computes them; ties cannot happen, ranks being given."""

import math
from collections.abc import Mapping, Sequence


def recall(ranked: Sequence[str], relevant: Mapping[str, int], k: int) -> float:
    """The share of all that is relevant (grade above 0) among the first k."""
    wanted = {name for name, grade in relevant.items() if grade > 0}
    return len(wanted & {*ranked[:k]}) / len(wanted)


def reciprocal_rank(ranked: Sequence[str], relevant: Mapping[str, int]) -> float:
    """1 / the rank of the first that is relevant; 0 where none is."""
    return next((1 / at for at, name in enumerate(ranked, start=1) if relevant.get(name, 0) > 0), 0.0)


def average_precision(ranked: Sequence[str], relevant: Mapping[str, int]) -> float:
    """The mean, over all that is relevant, of the precision at its rank; 0 for what was not found."""
    found, total = 0, 0.0
    for at, name in enumerate(ranked, start=1):
        if relevant.get(name, 0) > 0:
            found += 1
            total += found / at
    return total / sum(grade > 0 for grade in relevant.values())


def ndcg(ranked: Sequence[str], relevant: Mapping[str, int], k: int | None = None) -> float:
    """Normalised discounted cumulative gain with gain 2^grade - 1 (Järvelin and Kekäläinen 2002; Burges 2005), over the first k.

    Without k all of `ranked` is read, against all that is relevant.
    """
    gains = [2 ** relevant.get(name, 0) - 1 for name in ranked[:k]]
    ideal = sorted((2**grade - 1 for grade in relevant.values() if grade > 0), reverse=True)[:k]
    best = _discounted(ideal)
    return _discounted(gains) / best if best else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return math.fsum(gain / math.log2(at + 1) for at, gain in enumerate(gains, start=1))
