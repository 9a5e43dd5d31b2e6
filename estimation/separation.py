"""Whether a regression of a yes-or-no outcome has a coefficient without an estimate."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from estimation.errors import require

Floats = npt.NDArray[np.float64]

SEPARATED = 1e-7
STEPS = 25
# Log odds beyond which the likelihood is taken to grow for ever.
FURTHEST = 30.0


def separates(design: npt.ArrayLike, outcome: npt.ArrayLike, of_interest: int) -> bool:
    """Tell whether one column takes part in a separation of the outcomes.

    Outcomes are separated (Albert & Anderson 1984, Biometrika 71) when some combination of the
    columns is never negative for a yes, never positive for a no, and not zero for everybody. Along
    it the likelihood grows for ever, so a coefficient in it has no maximum likelihood estimate.
    Found by linear programming over the combinations of limited size (Konis 2007), where a maximum
    of the likelihood does not show that there is none. Separation by other columns alone leaves
    the column of interest its estimate.

    Args:
        design: one row per case, one column per coefficient, of full rank.
        outcome: 0 or 1 per case.
        of_interest: position of the column asked about.

    Raises:
        EstimationError: if the shapes do not fit or the search fails.
    """
    columns = np.asarray(design, dtype=np.float64)
    signs = np.where(np.asarray(outcome, dtype=np.float64) > 0, 1.0, -1.0)
    require(
        columns.ndim == 2 and signs.shape == (len(columns),),
        f"A design of shape {columns.shape} does not fit outcomes of shape {signs.shape}.",
        "one row per case in the design and one outcome per case",
    )
    if _overlap(columns, signs):
        return False
    # Imported where it is used: it takes a second, and most outcomes overlap.
    from scipy.optimize import linprog

    towards_no = -columns * signs[:, None]
    for direction in (1.0, -1.0):
        wanted = np.zeros(columns.shape[1])
        wanted[of_interest] = -direction
        found = linprog(
            wanted, A_ub=towards_no, b_ub=np.zeros(len(columns)), bounds=(-1, 1), method="highs"
        )
        require(found.status == 0, "The search for a separation failed.", "a linear program")
        if -float(found.fun or 0.0) > SEPARATED:
            return True
    return False


def _overlap(columns: Floats, signs: Floats) -> bool:
    """Tell whether a maximum of the likelihood proves that nothing separates the outcomes.

    There Σ ± x |y - p| = 0, and no |y - p| is 0. Along a combination that separates no term is
    negative, so all of them are 0, and by the rank of the columns the combination is too. What is
    left of the sum bounds how far from 0 it can be.
    """
    if len(columns) < columns.shape[1]:
        return False
    weakest = np.linalg.svd(columns, compute_uv=False)[-1]
    coefficients = np.zeros(columns.shape[1])
    for _ in range(STEPS):
        linear = columns @ coefficients
        if not weakest > 1e-9 or np.abs(linear).max() > FURTHEST:
            return False
        probability = 1 / (1 + np.exp(-linear))
        residuals = (signs > 0) - probability
        gradient = columns.T @ residuals
        left = np.abs(gradient).sum() / np.abs(residuals).min()
        if np.sqrt(len(columns)) * left / weakest < SEPARATED / 10:
            return True
        information = (columns * (probability * (1 - probability))[:, None]).T @ columns
        coefficients = coefficients + np.linalg.solve(information, gradient)
    return False
