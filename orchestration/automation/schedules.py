"""Once a year, when the fieldwork is over."""

import datetime
from collections.abc import Iterable

import dagster as dg

from orchestration.assets.jobs import REFRESH, asked_tags
from registry.tables.waves import Wave

TIMEZONE = "Europe/Amsterdam"
DELIVERY_TIME = datetime.timedelta(days=30)
"""From the end of the fieldwork until the export is certainly delivered."""
ORDINARY_YEAR = 2001
"""Any year without a 29 February."""
WITHOUT_FIELDWORK_DATES = datetime.date(ORDINARY_YEAR, 7, 1)


def yearly_schedule(
    waves: tuple[Wave, ...], status: dg.DefaultScheduleStatus
) -> dg.ScheduleDefinition:
    """Return the schedule that refreshes all waves delivered by then."""

    @dg.schedule(
        name="yearly_refresh",
        job_name=REFRESH,
        cron_schedule=yearly_cron(waves),
        execution_timezone=TIMEZONE,
        default_status=status,
        description="All waves whose fieldwork is over; what was landed before is left as it is.",
    )
    def schedule(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        today = context.scheduled_execution_time.date()
        due = due_waves(waves, today)
        if not due:
            return dg.SkipReason(f"No wave's fieldwork is over on {today}.")
        return dg.RunRequest(run_key=f"yearly-{today}", tags=asked_tags(due))

    return schedule


def yearly_cron(waves: Iterable[Wave]) -> str:
    """Return 06:00 on the day of the year by which every wave was soonest delivered.

    The year is a circle: a wave delivered in January follows one delivered in December.
    """
    delivered = sorted(
        {
            _every_year(wave.fieldwork_end + DELIVERY_TIME)
            for wave in waves
            if wave.fieldwork_end is not None
        }
    )

    def longest_wait(day: datetime.date) -> int:
        return max((day - other).days % 365 for other in delivered)

    day = min(delivered, key=longest_wait, default=WITHOUT_FIELDWORK_DATES)
    return f"0 6 {day.day} {day.month} *"


def _every_year(date: datetime.date) -> datetime.date:
    """Return the date in a year like most; 29 February, which most do not have, is 1 March."""
    if (date.month, date.day) == (2, 29):
        return datetime.date(ORDINARY_YEAR, 3, 1)
    return date.replace(year=ORDINARY_YEAR)


def due_waves(waves: Iterable[Wave], today: datetime.date) -> list[str]:
    """Return the waves whose fieldwork is over, in the order of the registry."""
    return [wave.wave for wave in waves if (wave.fieldwork_end or wave.reference_end) < today]
