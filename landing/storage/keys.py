"""Secret keys: read from the environment, never shown, never written."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from barometer.environment import Variable
from landing.findings.errors import LandingError

SHORTEST = 32
_KEY_ID_OF = b"barometer key id"


class MissingKeyError(LandingError):
    """A key is needed and is not there, or is no secret."""


@dataclass(frozen=True)
class SecretKey:
    """A key that shows itself nowhere: not in a message, not in a traceback.

    Attributes:
        variable: environment variable it came from.
        secret: the key itself.
    """

    variable: str
    secret: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """Tells one key from another and says nothing about either."""
        return hmac.new(self.secret, _KEY_ID_OF, hashlib.sha256).hexdigest()[:12]

    def pseudonym(self, text: str) -> str:
        """Return the HMAC-SHA256 of a text without white space around it, in hexadecimal.

        An empty text stays empty: that somebody gave no answer is no secret, and a hash of
        nothing would look like an answer.
        """
        plain = text.strip()
        if not plain:
            return ""
        return hmac.new(self.secret, plain.encode("utf-8"), hashlib.sha256).hexdigest()


def read_key(variable: Variable, why: str) -> SecretKey:
    """Return the key in an environment variable.

    Args:
        variable: the variable that holds it.
        why: what needs the key, for the message.

    Raises:
        MissingKeyError: it is not set, or too short to be a secret.
    """
    value = variable.read()
    if len(value) >= SHORTEST:
        return SecretKey(variable.name, value.encode("utf-8"))
    found = f"has {len(value)} characters" if value else "is not set"
    raise MissingKeyError(
        f"{why}, and the key in {variable.name} {found}.",
        where=f"environment variable {variable.name}",
        expected=f"a random text of at least {SHORTEST} characters, always the same one",
        remedy="Set it to the key kept for this survey. For a new survey, make one with "
        "`openssl rand -hex 32` and keep it in a password safe: without it nothing can be read "
        "back or recognised.",
    )


def key_if_set(variable: Variable) -> SecretKey | None:
    """Return the key in an environment variable, or None where none is set.

    Raises:
        MissingKeyError: one is set, and is too short to be a secret.
    """
    value = variable.read()
    return read_key(variable, "A key is set") if value else None
