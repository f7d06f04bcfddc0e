"""Values that the statistics of mlp-report are checked against, by scipy, statsmodels and lifelines.

    python make_statistics.py > statistics.json

Made with numpy 2.4.6, scipy 1.17.1, statsmodels 0.15.0, lifelines 0.30.3 (CPython 3). Cases are fixed here; those that
need many numbers are drawn with a fixed seed and stored, so that the tests need nothing but the file.
"""

import json
import math

import numpy as np
import pandas as pd
import statsmodels.api as sm
from lifelines import KaplanMeierFitter, NelsonAalenFitter
from lifelines.statistics import logrank_test
from scipy import special, stats
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.proportion import proportion_confint

rng = np.random.default_rng(20221206)
out = {}

out["incomplete_beta"] = [
    {"a": a, "b": b, "x": x, "value": float(special.betainc(a, b, x))}
    for a, b, x in [
        (0.5, 0.5, 0.3), (4.5, 0.5, 0.97), (50, 0.5, 0.2), (1, 1, 0.25), (3, 7, 0.5), (200, 300, 0.4),
        (1e4, 2e4, 0.3333), (0.5, 5000, 1e-4), (2, 3, 0.0), (2, 3, 1.0), (7.5, 120.0, 0.001),
    ]
]
out["normal"] = [
    {"z": z, "cdf": float(stats.norm.cdf(z))} for z in [-8.0, -3.1, -1.0, 0.0, 0.3, 1.96, 5.0]
] + [{"p": p, "quantile": float(stats.norm.ppf(p))} for p in [1e-9, 0.025, 0.2, 0.5, 0.8, 0.975, 0.99999]]
out["student"] = [
    {"t": t, "df": df, "two_sided": float(2 * stats.t.sf(abs(t), df))}
    for t, df in [(0.0, 3), (2.262157, 9), (-1.5, 1), (12.0, 4), (0.01, 999), (40.0, 30), (3.3, 7.42)]
] + [
    {"p": p, "df": df, "quantile": float(stats.t.ppf(p, df))}
    for p, df in [(0.975, 1), (0.975, 2), (0.975, 9), (0.995, 4), (0.8, 9), (0.975, 1e4), (0.5, 5)]
]
out["wilson"] = [
    {"correct": k, "rows": n, "interval": list(map(float, proportion_confint(k, n, 0.05, method="wilson")))}
    for k, n in [(153, 185), (0, 10), (10, 10), (1, 2), (9_940, 10_000), (93, 185)]
]


def interval(x):
    x = np.asarray(x)
    half = stats.t.ppf(0.975, len(x) - 1) * stats.sem(x)
    return [float(x.mean() - half), float(x.mean() + half)]


accuracies = [[0.827, 0.843, 0.811, 0.832, 0.8, 0.849, 0.827, 0.838, 0.816, 0.822], [0.5, 0.6], [0.7, 0.7, 0.7]]
out["mean"] = [
    {"values": v, "mean": float(np.mean(v)), "sd": float(np.std(v, ddof=1)), "interval": interval(v)}
    for v in accuracies
]

pairs = []
for n, shift in [(10, 0.03), (5, 0.0), (3, 0.2)]:
    a = np.round(rng.normal(0.85, 0.02, n), 4)
    b = np.round(a - shift + rng.normal(0, 0.015, n), 4)
    test = stats.ttest_rel(a, b)
    ci = test.confidence_interval(0.95)
    # Nadeau and Bengio's corrected variance: the same statistic with 1/n replaced by 1/n + test/train.
    ratio, d = 0.25, a - b
    t = d.mean() / math.sqrt(d.var(ddof=1) * (1 / n + ratio))
    pairs.append({
        "a": a.tolist(), "b": b.tolist(), "p": float(test.pvalue), "interval": [float(ci.low), float(ci.high)],
        "ratio": ratio, "corrected_p": float(2 * stats.t.sf(abs(t), n - 1)),
    })
out["paired"] = pairs

welch = []
for n, m in [(10, 8), (3, 5), (2, 2)]:
    a, b = np.round(rng.normal(0.85, 0.02, n), 4), np.round(rng.normal(0.83, 0.03, m), 4)
    test = stats.ttest_ind(a, b, equal_var=False)
    ci = test.confidence_interval(0.95)
    welch.append({
        "a": a.tolist(), "b": b.tolist(), "p": float(test.pvalue), "interval": [float(ci.low), float(ci.high)],
    })
out["welch"] = welch

out["mcnemar"] = [
    {"only_a": b, "only_b": c, "p": float(mcnemar([[0, b], [c, 0]], exact=True).pvalue)}
    for b, c in [(10, 3), (0, 0), (5, 5), (0, 6), (120, 80), (1, 0), (2000, 1900)]
]
out["fisher"] = [
    {"table": [[a, b], [c, d]], "p": float(stats.fisher_exact([[a, b], [c, d]]).pvalue)}
    for a, b, c, d in [(10, 0, 0, 10), (8, 2, 3, 7), (5, 5, 5, 5), (0, 1, 1, 0), (3, 0, 0, 2), (17, 3, 12, 9)]
]
for ps in [[0.01, 0.04, 0.03, 0.005], [0.5], [0.2, 0.2, 0.9], [1e-6, 0.049, 0.051, 0.6, 0.012]]:
    out.setdefault("holm", []).append({"p": ps, "adjusted": multipletests(ps, method="holm")[1].tolist()})

survival = []
for a, b in [
    ([(47, 1), (52, 1), (62, 1), (40, 1), (55, 1)], [(100, 1), (112, 1), (90, 1), (1000, 0), (1000, 0)]),
    ([(10, 1), (10, 1), (20, 1), (30, 0)], [(10, 1), (20, 0), (40, 1), (40, 1), (50, 0)]),
    ([(1000, 0)] * 3, [(67, 1), (70, 1), (80, 1)]),
    ([(5, 1), (7, 1)], [(5, 1), (7, 1)]),
]:
    test = logrank_test([t for t, _ in a], [t for t, _ in b], [e for _, e in a], [e for _, e in b])
    # The exact test: all ways to deal out what each time adds to the events observed less those expected.
    both = a + b
    hazard = NelsonAalenFitter(nelson_aalen_smoothing=False).fit([t for t, _ in both], [e for _, e in both])
    scores = [e - float(hazard.cumulative_hazard_at_times(t).iloc[0]) for t, e in both]
    exact = stats.permutation_test(
        (scores[: len(a)], scores[len(a) :]), lambda x, y: round(abs(sum(x)), 9), permutation_type="independent",
        n_resamples=np.inf, alternative="greater")
    medians = []
    for side in (a, b):
        fit = KaplanMeierFitter().fit([t for t, _ in side], [e for _, e in side])
        medians.append(None if math.isinf(fit.median_survival_time_) else float(fit.median_survival_time_))
    survival.append({"a": a, "b": b, "medians": medians, "statistic": float(test.test_statistic),
                     "p": float(test.p_value), "exact_p": float(exact.pvalue)})
out["survival"] = survival


def power_of_mcnemar(n, discordant, difference):
    """Exact power of the two-sided uncorrected test: |b - c| > z sqrt(b + c), summed over the trinomial."""
    z = stats.norm.ppf(0.975)
    p_b, p_c = (discordant + difference) / 2, (discordant - difference) / 2
    power = 0.0
    for m in range(1, n + 1):
        weight = stats.binom.pmf(m, n, discordant)
        if weight < 1e-12:
            continue
        b = np.arange(m + 1)
        reject = np.abs(2 * b - m) > z * math.sqrt(m)
        power += weight * stats.binom.pmf(b, m, p_b / (p_b + p_c))[reject].sum()
    return float(power)


rows = []
for discordant, difference in [(0.1, 0.03), (0.2, 0.05), (0.05, 0.02), (0.3, 0.1)]:
    za, zb = stats.norm.ppf(0.975), stats.norm.ppf(0.8)
    n = math.ceil((za * math.sqrt(discordant) + zb * math.sqrt(discordant - difference**2)) ** 2 / difference**2)
    rows.append({"discordant": discordant, "difference": difference, "rows": n,
                 "exact_power": power_of_mcnemar(n, discordant, difference)})
out["rows_needed"] = rows
out["seeds_needed"] = [
    {"sd": sd, "difference": d, "seeds": float(TTestPower().solve_power(d / sd, alpha=0.05, power=0.8))}
    for sd, d in [(0.02, 0.02), (0.02, 0.01), (0.015, 0.03), (0.02, 0.003)]
]
# The bootstrap itself is random; its percentile limits must lie near these, of 200,000 resamples.
boots = []
for n, b, c in [(185, 20, 8), (100, 5, 5), (317, 40, 10)]:
    draws = rng.multinomial(n, [b / n, c / n, 1 - (b + c) / n], 200_000)
    d = (draws[:, 0] - draws[:, 1]) / n
    boots.append({"rows": n, "only_a": b, "only_b": c, "interval": np.percentile(d, [2.5, 97.5]).tolist()})
out["bootstrap"] = boots

# Seeds crossed with rows: mean squares by statsmodels, the rest from Hillis (2007).
crossed = []
for seeds, rows, spread, ease, shift in [(5, 40, 0.1, 0.3, 0.25), (3, 25, 0.0, 0.0, 0.1), (2, 60, 0.6, 0.1, 0.0), (10, 30, 0.05, 1.0, 0.2)]:
    propensity = shift + spread * rng.normal(size=(seeds, 1)) + ease * rng.normal(size=(1, rows))
    x = np.clip(np.rint(propensity + 0.5 * rng.normal(size=(seeds, rows))), -1, 1)
    frame = pd.DataFrame({"x": x.ravel(), "seed": np.repeat(range(seeds), rows), "row": np.tile(range(rows), seeds)})
    table = anova_lm(ols("x ~ C(seed) + C(row)", frame).fit())
    ms_seed, ms_row, ms_rest = (float(table["mean_sq"][name]) for name in ["C(seed)", "C(row)", "Residual"])
    total, mean = ms_seed + max(ms_row - ms_rest, 0), float(x.mean())
    df = min(total**2 / (ms_seed**2 / (seeds - 1)), rows - 1)
    error = math.sqrt(total / (seeds * rows))
    half = float(stats.t.ppf(0.975, df)) * error
    # What it would take: with that many rows (or seeds) the normal approximation of the power is 80 %.
    allowed = (mean / (stats.norm.ppf(0.975) + stats.norm.ppf(0.8))) ** 2
    of_seed, of_row = max(ms_seed - ms_rest, 0) / rows, max(ms_row - ms_rest, 0) / seeds

    def least(variance):
        return next((n for n in range(1, 200_000) if variance(n) <= allowed), None)

    crossed.append({
        "values": x.astype(int).tolist(), "mean": mean, "mean_squares": [ms_seed, ms_row, ms_rest],
        "p": float(2 * stats.t.sf(abs(mean) / error, df)), "interval": [mean - half, mean + half],
        "rows_needed": least(lambda n: of_seed / seeds + of_row / n + ms_rest / (seeds * n)),
        "seeds_needed": least(lambda n: of_seed / n + of_row / rows + ms_rest / (n * rows)),
    })
out["crossed"] = crossed

# Pictures of writers: the variance by statsmodels (least squares on a constant, standard errors clustered by writer,
# without its factor for few rows), the limits by Wilson's formula with the effective number of pictures and t.
def over_writers(counts, of_seeds, writers=None):
    x = np.concatenate([np.r_[np.ones(c), np.zeros(n - c)] for c, n in counts])
    groups = np.repeat(range(len(counts)), [n for _, n in counts])
    count, p, rows = len(counts), x.mean(), len(x)
    writers = writers or count
    variance = 0.0
    if 0 < p < 1:
        fit = sm.OLS(x, np.ones_like(x)).fit(
            cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False})
        variance = float(fit.bse[0] ** 2) * count / (count - 1)
    variance = variance * count / writers + of_seeds
    most = rows * writers / count
    n = min(p * (1 - p) / variance, most) if variance else most
    t = stats.t.ppf(0.975, writers - 1)
    centre, half = p + t**2 / (2 * n), t * math.sqrt(p * (1 - p) / n + t**2 / (4 * n**2))
    low, high = (centre - half) / (1 + t**2 / n), (centre + half) / (1 + t**2 / n)
    return float(p), float(max(low, 0)), float(min(high, 1))


of_writers = []
for counts, of_seeds in [
    ([(45, 50), (50, 50), (40, 50), (48, 50), (47, 50), (43, 50)], 0.0),
    ([(20, 20)] * 5, 0.0),
    ([(18, 20)] * 7, 0.0),
    ([(9, 10), (60, 90), (35, 40), (12, 12), (5, 8), (88, 100), (30, 33), (21, 25)], 0.0),
    ([(9, 10), (60, 90), (35, 40), (12, 12), (5, 8), (88, 100)], 1e-4),
    ([(c, 30) for c in (30, 29, 28, 30, 21, 30, 27, 30, 30, 26, 30, 29)], 0.0),
]:
    p, low, high = over_writers(counts, of_seeds)
    width = high - low
    more = next((w for w in range(len(counts) + 1, 4000)
                 if np.ptp(over_writers(counts, of_seeds, w)[1:]) <= width / 2), None)
    case = {"counts": counts, "accuracy": p, "interval": [low, high], "more": more and more - len(counts)}
    of_writers.append(case | ({"variance_of_seeds": of_seeds} if of_seeds else {}))
out["writers"] = of_writers

out["risk"] = [
    {"wrong": k, "rows": n, "error": e, "p": float(stats.binom.cdf(k, n, e))}
    for k, n, e in [(0, 299, 0.01), (3, 1000, 0.01), (14, 2000, 0.01), (0, 10, 0.5), (25, 500, 0.05), (7, 60, 0.2)]
]
print(json.dumps(out, indent=1))
