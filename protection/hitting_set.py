"""The cheapest pattern of suppressions that meets what is known so far: a small integer program."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from protection.errors import ProtectionError

Key = TypeVar("Key", bound=Hashable)


class HittingSet(Generic[Key]):
    """Chooses cells; every condition asks for at least one of some of them."""

    def __init__(
        self,
        costs: Mapping[Key, float],
        always: Collection[Key],
        never: Collection[Key] = (),
    ) -> None:
        self._keys: Sequence[Key] = tuple(costs)
        self._position = {key: at for at, key in enumerate(self._keys)}
        self._cost = np.array([costs[key] for key in self._keys])
        self._low = np.array([float(key in always) for key in self._keys])
        self._high = np.array([float(key in always or key not in never) for key in self._keys])
        self._demands: list[tuple[dict[int, float], float]] = []

    def demand_one_of(self, keys: Collection[Key]) -> None:
        """Require that at least one of these cells is suppressed."""
        self._demands.append(({self._position[key]: 1.0 for key in keys}, 1.0))

    def demand_company(self, keys: Collection[Key]) -> None:
        """Require that no cell of a sum is suppressed alone: it could be computed."""
        places = [self._position[key] for key in keys]
        for at in places:
            self._demands.append(({other: -1.0 if other == at else 1.0 for other in places}, 0.0))

    def cheapest(self) -> frozenset[Key]:
        """Return the cheapest pattern.

        Raises:
            ProtectionError: no pattern meets the conditions.
        """
        lengths = np.cumsum([0, *(len(terms) for terms, _ in self._demands)])
        matrix = csr_matrix(
            (
                [value for terms, _ in self._demands for value in terms.values()],
                [at for terms, _ in self._demands for at in terms],
                lengths,
            ),
            shape=(len(self._demands), len(self._keys)),
        )
        answer = milp(
            self._cost,
            integrality=np.ones(len(self._keys), dtype=np.uint8),
            bounds=Bounds(self._low, self._high),
            constraints=LinearConstraint(matrix, np.array([least for _, least in self._demands])),
            options={"mip_rel_gap": 0.0},
        )
        if answer.x is None:
            raise ProtectionError(
                "No pattern of suppressions meets the conditions.",
                expected="cells that may be suppressed beside the unsafe ones",
            )
        return frozenset(
            key for key, chosen in zip(self._keys, answer.x, strict=True) if chosen > 0.5
        )
