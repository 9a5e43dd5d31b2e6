"""`barometer publish`: put a release where others read it."""

from __future__ import annotations

from typing import Annotated

import typer

from barometer.environment import POSTGRES_URL
from barometer.settings import load_settings
from orchestration.commands.options import EditionOption, HomeOption, SurveyOption


def publish(
    postgres: Annotated[
        str,
        typer.Option(
            envvar=POSTGRES_URL.name,
            help="Where to: postgresql://user@host/database. In the variable rather than on the "
            "command line, where others on the machine could read a password.",
        ),
    ],
    release: Annotated[
        str, typer.Option(help="Id of a release, its beginning, or `current`.")
    ] = "current",
    survey: SurveyOption = None,
    home: HomeOption = None,
    edition: EditionOption = "internal",
    schema_prefix: Annotated[
        str, typer.Option(help="Put before every schema name, e.g. ibo_public_.")
    ] = "",
    roles: Annotated[
        bool, typer.Option(help="Make one read-only role per schema, and one for all.")
    ] = True,
) -> None:
    """Put a release into PostgreSQL: one schema per organisation group, in one transaction."""
    from barometer.logs import logged, note
    from publication.editions import edition_of
    from publication.postgres.load import publish_to_postgres
    from publication.store.releases import find_release

    settings = load_settings(survey, home=home)
    one = find_release(edition_of(settings, edition), release)
    with logged(settings, "publish"):
        report = publish_to_postgres(one, postgres, prefix=schema_prefix, with_roles=roles)
        note(
            "published_to_postgres",
            edition=edition,
            release=report.release_id,
            tables=report.tables,
            rows=report.rows,
            unchanged=report.unchanged,
        )
    state = "was there already" if report.unchanged else "is what readers see now"
    typer.echo(
        f"{report.release_id} ({edition} edition) {state}: "
        f"{report.tables} tables, {report.rows:,} rows."
    )
    typer.echo(f"Schemas: {', '.join(report.schemas)}")
    if report.roles:
        typer.echo(f"Read-only roles: {', '.join(report.roles)}")
