"""The suite's statistics against independent libraries, by simulation, and on examples worked by hand."""

import math

import numpy as np
import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from eval.ranking import average_precision, ndcg, recall, reciprocal_rank
from eval.statistics import bootstrap, corrected_share, detectable_drop, holm, kappa, mcnemar, paired_drop, wilson

SMALL = st.integers(0, 60)


@given(st.integers(0, 400), st.integers(1, 400))
def test_wilson_agrees_with_statsmodels(passed: int, of: int) -> None:
    passed = min(passed, of)
    low, high = proportion_confint(passed, of, method="wilson")
    ours = wilson(passed, of)
    assert (ours.low, ours.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


def test_an_interval_of_nothing_is_everything() -> None:
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


@given(SMALL, SMALL)
def test_mcnemar_mid_p_is_the_exact_p_less_half_of_what_was_seen(lost: int, won: int) -> None:
    """statsmodels has the exact test; its mid-p is that less the probability of the table itself."""
    if lost + won == 0:
        assert mcnemar(lost, won) == 1.0
        return
    exact = statsmodels_mcnemar([[0, lost], [won, 0]], exact=True).pvalue
    seen = math.comb(lost + won, min(lost, won)) / 2 ** (lost + won)
    expected = 1.0 if lost == won else exact - seen
    assert mcnemar(lost, won) == pytest.approx(min(expected, 1.0), abs=1e-9)


def test_the_one_sided_p_sees_losses_only() -> None:
    assert mcnemar(12, 2, two_sided=False) < 0.01 < 0.99 < mcnemar(2, 12, two_sided=False)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_agrees_with_statsmodels(p_values: list[float]) -> None:
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1], abs=1e-9)


@given(*(st.integers(1, 80) for _ in range(4)))
def test_kappa_and_its_interval_agree_with_statsmodels(both: int, first: int, second: int, neither: int) -> None:
    theirs = cohens_kappa([[both, first], [second, neither]])
    ours = kappa(both, first, second, neither)
    assert ours.value == pytest.approx(theirs.kappa, abs=1e-9)
    assert ours.low == pytest.approx(theirs.kappa_low, abs=1e-9)


def test_a_judge_that_always_says_yes_agrees_with_nobody() -> None:
    assert kappa(60, 40, 0, 0).value == 0.0
    assert kappa(60, 40, 0, 0).low == -1.0


def test_two_judges_who_never_differ_are_as_sure_as_they_were_asked_often() -> None:
    """Statsmodels gives [1, 1] for four questions as for four hundred."""
    few, many = kappa(4, 0, 0, 4), kappa(15, 0, 0, 15)
    assert few.value == many.value == 1.0
    assert few.low == pytest.approx(2 * wilson(8, 8).low - 1) and few.low < 0.6 < many.low < 1


def test_a_share_is_corrected_for_the_errors_of_its_judge() -> None:
    """Of 100 with 30 faults a judge with sensitivity .8 and specificity .9 flags 24 + 7."""
    assert corrected_share(0.31, 0.8, 0.9) == pytest.approx(0.3)
    assert corrected_share(0.31, 0.5, 0.5) is None


@pytest.mark.parametrize("seed", range(12))
def test_rankings_agree_with_trec_eval(seed: int) -> None:
    """To 1e-9; its gain is the grade itself, so it is given the gains that ours come to."""
    draw = np.random.default_rng(seed)
    names = [f"d{at}" for at in range(20)]
    ranked = [str(name) for name in draw.permutation(names)[: int(draw.integers(3, 20))]]
    grades = {name: int(draw.integers(0, 4)) for name in names[:9]} | {"d0": 2, "never-found": 1}
    scores = {name: float(len(ranked) - at) for at, name in enumerate(ranked)}
    gains = {name: 2**grade - 1 for name, grade in grades.items()}
    measures = {"recall_1,3,5", "recip_rank", "map", "ndcg", "ndcg_cut_5"}
    theirs = pytrec_eval.RelevanceEvaluator({"q": gains}, measures).evaluate({"q": scores})["q"]
    ours = {
        **{f"recall_{k}": recall(ranked, grades, k) for k in (1, 3, 5)},
        "recip_rank": reciprocal_rank(ranked, grades),
        "map": average_precision(ranked, grades),
        "ndcg": ndcg(ranked, grades),
        "ndcg_cut_5": ndcg(ranked, grades, 5),
    }
    for name, value in ours.items():
        assert value == pytest.approx(theirs[name], abs=1e-9), name


def test_the_bootstrap_draws_whole_clusters_and_is_repeatable() -> None:
    """Ten copies of each case tell no more than one of each: the interval does not shrink."""
    draw = np.random.default_rng(3)
    values = list(draw.random(40))
    single = bootstrap(values, [str(at) for at in range(40)])
    copied = bootstrap(values * 10, [str(at) for at in range(40)] * 10)
    assert copied.high - copied.low == pytest.approx(single.high - single.low, rel=1e-6)
    assert bootstrap(values, [str(at) for at in range(40)]) == single
    blind = bootstrap(values * 10, [str(at) for at in range(400)])
    assert blind.high - blind.low < 0.5 * (single.high - single.low)


def test_the_bootstrap_covers_the_mean_about_as_often_as_it_says() -> None:
    draw = np.random.default_rng(11)
    inside = 0
    for _ in range(200):
        sample = draw.beta(5, 1, 80)
        interval = bootstrap(list(sample), [str(at) for at in range(80)])
        inside += interval.low <= 5 / 6 <= interval.high
    assert 0.90 <= inside / 200 <= 0.985


def two_versions(draw: np.random.Generator, n: int, drop: float, discordant: float) -> tuple[int, int]:
    """Cases lost and won where B is worse by `drop` and they differ on the share `discordant`."""
    chances = [(discordant + drop) / 2, (discordant - drop) / 2, 1 - discordant]
    lost, won, _ = draw.multinomial(n, chances)
    return int(lost), int(won)


@pytest.mark.parametrize("discordant", [0.1, 0.2, 0.3])
def test_without_a_change_the_alarm_is_false_as_often_as_it_should_be(discordant: float) -> None:
    draw = np.random.default_rng(5)
    alarms = [mcnemar(*two_versions(draw, 200, 0.0, discordant), two_sided=False) < 0.05 for _ in range(8_000)]
    assert 0.03 <= sum(alarms) / len(alarms) <= 0.06


def test_without_a_change_the_alarm_on_means_is_false_as_often_as_it_should_be() -> None:
    draw = np.random.default_rng(6)
    clusters = [str(at) for at in range(200)]
    alarms = [paired_drop(list(draw.normal(0, 0.2, 200)), clusters)[1] < 0.05 for _ in range(600)]
    assert 0.03 <= sum(alarms) / len(alarms) <= 0.065


@pytest.mark.parametrize("discordant", [0.1, 0.15, 0.2])
def test_a_drop_of_ten_points_is_found_on_the_whole_set(discordant: float) -> None:
    """240 cases; two versions of a prompt that differ on up to a fifth of them."""
    draw = np.random.default_rng(7)
    found = [mcnemar(*two_versions(draw, 240, 0.10, discordant), two_sided=False) < 0.05 for _ in range(4_000)]
    assert sum(found) / len(found) >= 0.95


def test_the_detectable_drop_is_the_one_that_simulation_finds() -> None:
    least = detectable_drop(240, 0.2)
    draw = np.random.default_rng(8)
    found = [mcnemar(*two_versions(draw, 240, least, 0.2), two_sided=False) < 0.05 for _ in range(4_000)]
    assert sum(found) / len(found) == pytest.approx(0.95, abs=0.02)
    assert detectable_drop(2_400, 0.2) < least < detectable_drop(24, 0.2)
