"""The two editions of a survey, each with releases and a current one of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from barometer.errors import UsageError
from barometer.settings import Settings

INTERNAL = "internal"
PUBLIC = "public"
EDITIONS = (INTERNAL, PUBLIC)
MARKINGS = {
    INTERNAL: "Confidential: internal edition, for authorised analysts only.",
    PUBLIC: "Public edition: for everybody.",
}
"""Who may see an edition: said once here, and by every table and file of it."""
CODEBOOK_PAGE = "codebook.html"
"""In the folder of a release: its codebook, to be searched."""
START_PAGE = "index.html"
"""In the home of a survey: links to all pages."""
REPORT = Path("report") / "index.html"
"""Place of the report in the folder of a release."""
SYNTHETIC = "Synthetic example data: no organisation gave these answers."


@dataclass(frozen=True)
class Edition:
    """Where the releases of one edition stand.

    Attributes:
        name: `internal` (every figure, for authorised analysts) or `public` (protected).
        survey: survey id.
        folder: folder that holds `releases/` and the link `current`.
        file_name: file name of a released database; differs from every schema name in it.
    """

    name: str
    survey: str
    folder: Path
    file_name: str

    @property
    def marking(self) -> str:
        """Who may see it, as a sentence."""
        return MARKINGS[self.name]

    @property
    def rights(self) -> int:
        """Rights of its files: the owner's alone, or to be read by everybody."""
        return 0o644 if self.name == PUBLIC else 0o600

    @property
    def folder_rights(self) -> int:
        """Rights of its folders, likewise."""
        return 0o755 if self.name == PUBLIC else 0o700

    @property
    def releases(self) -> Path:
        """Folder with one folder per release."""
        return self.folder / "releases"

    @property
    def current(self) -> Path:
        """Link to the folder of the release that readers open."""
        return self.folder / "current"

    @property
    def report(self) -> Path:
        """The report of the release that readers open."""
        return self.current / REPORT


def edition_of(settings: Settings, name: str = INTERNAL) -> Edition:
    """Return an edition of the survey by name.

    Raises:
        UsageError: there is no such edition.
    """
    if name == INTERNAL:
        return Edition(name, settings.survey, settings.home, settings.release_file_name)
    if name == PUBLIC:
        return Edition(
            name, settings.survey, settings.home / PUBLIC, f"{settings.survey}_public.duckdb"
        )
    raise UsageError(
        f"There is no edition called '{name}'.",
        expected="one of: " + ", ".join(EDITIONS),
        remedy="Check the spelling.",
    )
