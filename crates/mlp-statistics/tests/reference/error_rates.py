"""How often tests of two equally good experiments on the same test rows call them different, by simulation.

    python error_rates.py

A difference of seed s on row r is seed + row + rest, all normal with mean 0. At level 0.05 a sound test errs in 5 of 100.
Prints a line for each case: seeds, rows, sd of seeds, of rows; then the shares of errors of the paired t test over seeds,
of the less certain of that and a normal test over rows, and of the analysis of variance of seeds crossed with rows. Needs
numpy and scipy.
"""

import numpy as np
from scipy import stats

TRIALS = 3000
rng = np.random.default_rng(1)


def crossed_p(x):
    """As `statistics::crossed` has it (Hillis 2007)."""
    seeds, rows = x.shape
    of_seeds, of_rows, mean = x.mean(1, keepdims=True), x.mean(0, keepdims=True), x.mean()
    ms_seeds = rows * ((of_seeds - mean) ** 2).sum() / (seeds - 1)
    ms_rows = seeds * ((of_rows - mean) ** 2).sum() / (rows - 1)
    ms_rest = ((x - of_seeds - of_rows + mean) ** 2).sum() / ((seeds - 1) * (rows - 1))
    total = ms_seeds + max(ms_rows - ms_rest, 0)
    df = min(total**2 / (ms_seeds**2 / (seeds - 1)), rows - 1)
    return 2 * stats.t.sf(abs(mean) / np.sqrt(total / (seeds * rows)), df)


for seeds, rows, sd_seeds, sd_rows in [
    (5, 185, 0.03, 0.3), (10, 185, 0.02, 0.3), (10, 185, 0.03, 0.2), (3, 185, 0.03, 0.3), (10, 185, 0.0, 0.3)
]:
    errors = np.zeros(3)
    for _ in range(TRIALS):
        x = sd_seeds * rng.normal(size=(seeds, 1)) + sd_rows * rng.normal(size=(1, rows)) + 0.3 * rng.normal(size=(seeds, rows))
        over_seeds = stats.ttest_1samp(x.mean(1), 0).pvalue
        over_rows = 2 * stats.norm.sf(abs(x.mean()) / stats.sem(x.mean(0)))
        errors += np.array([over_seeds, max(over_seeds, over_rows), crossed_p(x)]) < 0.05
    print(seeds, rows, sd_seeds, sd_rows, *(f"{share:.3f}" for share in errors / TRIALS))
