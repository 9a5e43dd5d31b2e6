"""The cheapest pattern of suppressions that meets what is known so far: a small integer program."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np

from protection.errors import ProtectionError
from protection.programs import Conditions, minimise

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
        conditions = Conditions(
            [(tuple(terms), tuple(terms.values())) for terms, _ in self._demands],
            [least for _, least in self._demands],
            [np.inf] * len(self._demands),
            len(self._keys),
        )
        found = minimise(self._cost, conditions, self._low, self._high)
        if found is None:
            raise ProtectionError(
                "No pattern of suppressions meets the conditions.",
                expected="cells that may be suppressed beside the unsafe ones",
            )
        return frozenset(
            key for key, chosen in zip(self._keys, found[0], strict=True) if chosen > 0.5
        )
