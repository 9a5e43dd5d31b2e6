"""Break files of every format, and see that landing only ever refuses them with a clear word.

    python -m bench.fuzz_readers [--reader NAME …] [--seconds 600] [--seed 1] [--shared FOLDER]

Each reader gets small files made for it, and real ones from the folder of real files where there
is one. Every mutant is landed, from the reader to the warehouse, in a process that is ended when
it takes too long. Texts are changed by byte, by cell and by dialect; XML by element and attribute;
workbooks inside their package, so that they still open; SPSS files by the records of their
dictionary. What may happen: a mutant lands whole, or a BarometerError says why not and the
warehouse holds nothing of it. Anything else is kept in the failures folder and fails the run.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import sys
import tempfile
import time
from pathlib import Path

from barometer.environment import SHARED_DATA
from bench.fuzzing.mutations import LARGEST_BYTES
from bench.fuzzing.sources import READERS, FuzzedReader
from bench.fuzzing.worker import Mutant, Outcome, Worker
from landing.headers import TOOLS

_FAILURES = ("crash", "hang", "error", "half-landed")
_SHOWN_REFUSALS = 12


def main(arguments: list[str] | None = None) -> int:
    """Fuzz the readers one after another, print the counts, and return 1 when anything failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reader", choices=READERS, action="append", help="default: all of them")
    parser.add_argument("--seconds", type=float, default=60, help="per reader")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shared", type=Path, default=SHARED_DATA.read() or None)
    parser.add_argument("--failures", type=Path, default=Path("fuzz-failures"))
    parser.add_argument("--summary", type=Path, help="JSON lines to append the counts to")
    asked = parser.parse_args(arguments)
    shared = Path(asked.shared) if asked.shared else None
    failed = False
    for name in asked.reader or READERS:
        results = _fuzz(name, asked.seconds, asked.seed, shared, asked.failures)
        failed = failed or any(results[failure] for failure in _FAILURES)
        if asked.summary:
            with asked.summary.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps({"reader": name, **results}) + "\n")
    return 1 if failed else 0


def _fuzz(
    name: str, seconds: float, seed: int, shared: Path | None, failures: Path
) -> collections.Counter[str]:
    reader = READERS[name]
    chance = random.Random(f"{name} {seed}")
    results: collections.Counter[str] = collections.Counter()
    refusals: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory(prefix="barometer-fuzz-") as folder:
        made = Path(folder) / "made"
        made.mkdir()
        files = reader.files(made, shared)
        print(f"{name}: {len(files)} files to mutate, seed {seed}", flush=True)
        worker = Worker(Path(folder))
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                source = chance.choice(files)
                mutant = _mutant(chance, reader, source, files, Path(folder))
                outcome = worker.run(mutant)
                results["mutants"] += 1
                results[outcome.result] += 1
                if outcome.result == "refused":
                    refusals[outcome.kind] += 1
                elif outcome.result != "landed":
                    _keep(failures / name, mutant, source, outcome, results["mutants"])
        finally:
            worker.stop()
    _print(name, results, refusals)
    return results


def _mutant(
    chance: random.Random, reader: FuzzedReader, source: Path, files: list[Path], folder: Path
) -> Mutant:
    content = source.read_bytes()
    other = chance.choice(files).read_bytes()[:LARGEST_BYTES]
    path = folder / f"fuzzed{source.suffix}"
    path.write_bytes(reader.broken(chance, content, other))
    tool = chance.choice(TOOLS[:-1]) if chance.random() < 0.2 else None
    return Mutant(
        path,
        reader.kind,
        tool,
        as_large=chance.random() < 0.3,
        with_drift=chance.random() < 0.25,
    )


def _keep(folder: Path, mutant: Mutant, source: Path, outcome: Outcome, number: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{outcome.result}-{number}{source.suffix}"
    kept.write_bytes(mutant.path.read_bytes())
    kept.with_name(f"{kept.name}.why").write_text(f"{mutant}\n{source}\n{outcome.detail}\n")
    print(f"{outcome.result}: {kept} from {source.name}\n{outcome.detail}", flush=True)


def _print(
    name: str, results: collections.Counter[str], refusals: collections.Counter[str]
) -> None:
    counts = ", ".join(
        f"{results[result]:,} {result}" for result in ("landed", "refused", *_FAILURES)
    )
    print(f"{name}: {results['mutants']:,} mutants: {counts}")
    for kind, count in refusals.most_common(_SHOWN_REFUSALS):
        print(f"{count:8,} {kind}")
    print(flush=True)


if __name__ == "__main__":
    sys.exit(main())
