"""Reliability, variance between groups and Firth's regression, from their definitions."""

from __future__ import annotations

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import optimize, stats


def alpha(items: np.ndarray) -> float:
    """Cronbach (1951), through the mean covariance and the mean variance of the items."""
    covariance = np.cov(items, rowvar=False, ddof=1)
    k = covariance.shape[0]
    mean_variance = np.trace(covariance) / k
    mean_covariance = (covariance.sum() - np.trace(covariance)) / (k * (k - 1))
    return float(k * mean_covariance / (mean_variance + (k - 1) * mean_covariance))


def alpha_limits(value: float, n: int, k: int) -> tuple[float, float]:
    """Feldt (1965): (1 − α)/(1 − α̂) is F with n − 1 and (n − 1)(k − 1) degrees of freedom."""
    law = stats.f(n - 1, (n - 1) * (k - 1))
    return float(1 - (1 - value) * law.ppf(0.975)), float(1 - (1 - value) * law.ppf(0.025))


def item_statistics(items: np.ndarray) -> pd.DataFrame:
    """Per item: mean, standard deviation, correlation with the rest, alpha without it."""
    table = pd.DataFrame(items)
    found = []
    for column in table:
        rest = table.drop(columns=column)
        found.append(
            {
                "mean": table[column].mean(),
                "sd": table[column].std(ddof=1),
                "item_rest": table[column].corr(rest.sum(axis=1)),
                "alpha_without": alpha(rest.to_numpy()),
            }
        )
    return pd.DataFrame(found)


def between(values: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """η², ω², F and the interval of η² from the noncentral F (Steiger 2004; Smithson 2003)."""
    dummies = sm.add_constant(pd.get_dummies(pd.Series(labels), drop_first=True, dtype=float))
    fit = sm.OLS(values, dummies.to_numpy()).fit()
    df_1, df_2, f = fit.df_model, fit.df_resid, fit.fvalue
    ss_between, ss_total = fit.ess, fit.centered_tss
    within = fit.ssr / df_2

    def eta_at(chance: float) -> float:
        def gap(ncp: float) -> float:
            return stats.ncf.cdf(f, df_1, df_2, ncp) - chance

        if stats.f.cdf(f, df_1, df_2) < chance:
            return 0.0
        top = 10.0
        while gap(top) > 0:
            top *= 2
        ncp = optimize.brentq(gap, 1e-12, top, xtol=1e-12, rtol=1e-14)
        return float(ncp / (ncp + df_1 + df_2 + 1))

    return {
        "eta2": ss_between / ss_total,
        "omega2": (ss_between - df_1 * within) / (ss_total + within),
        "f": f,
        "df_between": df_1,
        "df_within": df_2,
        "p": float(stats.f.sf(f, df_1, df_2)),
        "eta2_lower": eta_at(0.975),
        "eta2_upper": eta_at(0.025),
    }


class Firth:
    """Maximum of the likelihood penalised by half the log determinant (Firth 1993), by BFGS.

    Interval and p-value profile the penalised likelihood with the penalty of the entire design
    (Heinze & Schemper 2002).
    """

    def __init__(self, design: np.ndarray, outcome: np.ndarray, of_interest: int) -> None:
        self.x, self.y, self.j = design, outcome, of_interest
        self.free = [i for i in range(design.shape[1]) if i != of_interest]
        self.start = np.zeros(design.shape[1])
        best = self._maximise(list(range(design.shape[1])), self.start)
        self.beta, self.top = best
        self.estimate = float(self.beta[of_interest])

    def _parts(self, beta: np.ndarray) -> tuple[float, np.ndarray]:
        eta = self.x @ beta
        p = 1 / (1 + np.exp(-eta))
        w = p * (1 - p)
        information = self.x.T @ (self.x * w[:, None])
        sign, log_determinant = np.linalg.slogdet(information)
        if sign <= 0:
            return np.inf, np.zeros_like(beta)
        value = float(self.y @ eta - np.logaddexp(0, eta).sum() + 0.5 * log_determinant)
        leverage = w * np.einsum("ij,ij->i", self.x @ np.linalg.inv(information), self.x)
        slope = self.x.T @ (self.y - p + leverage * (0.5 - p))
        return -value, -slope

    def _maximise(self, free: list[int], start: np.ndarray) -> tuple[np.ndarray, float]:
        def part(values: np.ndarray) -> tuple[float, np.ndarray]:
            beta = start.copy()
            beta[free] = values
            value, slope = self._parts(beta)
            return value, slope[free]

        found = optimize.minimize(
            part, start[free], jac=True, method="BFGS", options={"gtol": 1e-10, "maxiter": 2000}
        )
        beta = start.copy()
        beta[free] = found.x
        return beta, -float(found.fun)

    def profile(self, value: float) -> float:
        """Penalised log likelihood with the coefficient held at a value."""
        start = self.beta.copy()
        start[self.j] = value
        return self._maximise(self.free, start)[1]

    @property
    def p_value(self) -> float:
        return float(stats.chi2.sf(max(2 * (self.top - self.profile(0.0)), 0.0), 1))

    def limits(self) -> tuple[float, float]:
        drop = stats.chi2.ppf(0.95, 1) / 2

        def gap(value: float) -> float:
            return self.profile(value) - (self.top - drop)

        ends = []
        for side in (-1, 1):
            step = 0.5
            while gap(self.estimate + side * step) > 0:
                step *= 2
            bracket = sorted((self.estimate, self.estimate + side * step))
            ends.append(float(optimize.brentq(gap, *bracket, xtol=1e-11)))
        return ends[0], ends[1]
