"""The reading of one SPSS file in a fork, loaded before the fork is made."""

from __future__ import annotations

import pickle
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

from landing.findings.errors import LandingError
from landing.readers import sav_worker
from landing.readers.table import SourceTable


def read_into(pipe: Connection, path: str, format: str) -> None:
    """Send the table, or the error that stands for it, or the trace of any other."""
    try:
        outcome: SourceTable | LandingError = sav_worker.parse_spss(Path(path), format)
    except LandingError as error:
        outcome = error
    except BaseException:
        pipe.send_bytes(traceback.format_exc().encode())
        raise
    pipe.send_bytes(pickle.dumps(outcome, protocol=pickle.HIGHEST_PROTOCOL))
