"""Shares with their intervals, as every evaluation prints them."""

from collections.abc import Sequence

from scipy.stats import binomtest


def share(outcomes: Sequence[bool]) -> str:
    """ "92.1 % of 89 [84, 96]": the share of yes with its 95 % Wilson interval."""
    if not outcomes:
        return "none of 0"
    interval = binomtest(sum(outcomes), len(outcomes)).proportion_ci(method="wilson")
    return f"{sum(outcomes) / len(outcomes):.1%} of {len(outcomes)} [{interval.low:.0%}, {interval.high:.0%}]"
