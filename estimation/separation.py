"""Whether a regression of a yes-or-no outcome has a coefficient without an estimate."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from estimation.errors import require

SEPARATED = 1e-7


def separates(design: npt.ArrayLike, outcome: npt.ArrayLike, of_interest: int) -> bool:
    """Tell whether one column takes part in a separation of the outcomes.

    Outcomes are separated (Albert & Anderson 1984, Biometrika 71) when some combination of the
    columns is never negative for a yes, never positive for a no, and not zero for everybody. Along
    it the likelihood grows for ever, so a coefficient in it has no maximum likelihood estimate.
    Found by linear programming over the combinations of limited size (Konis 2007). Separation by
    other columns alone leaves the column of interest its estimate.

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
