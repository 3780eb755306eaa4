"""The plans of the settings: when they are due, and what editions they ask for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from composer.bootstrap import Desk, Request, desk_of, parse_levels
from composer.errors import ConfigError
from composer.market.sources import Source
from composer.newsroom.plans import Plan
from composer.newsroom.records.editions import Commission, Orders
from composer.plan_settings import WEEKDAYS, PlanSettings
from composer.settings import Settings

# What command lines call the keys of a plan.
_OPTIONS = {
    "--locale": "locales",
    "--format": "formats",
    "--source": "source",
    "--levels": "levels",
}


def plan_of(configured: PlanSettings) -> Plan:
    """Return when a plan is due."""
    return Plan(
        name=configured.name,
        symbol=configured.symbol,
        at=configured.at,
        zone=configured.zone,
        weekdays=frozenset(map(WEEKDAYS.index, configured.weekdays)),
        late=timedelta(minutes=configured.late_minutes),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """Orders editions as the plans of the settings say."""

    settings: Settings

    def __call__(self, plan: Plan) -> tuple[Commission, Sequence[Source]]:
        """Return what a plan asks for now, and the sources to make it from."""
        desk = self.desk(plan.name)
        return desk.commission, desk.sources

    def desk(self, name: str) -> Desk:
        """Return the parts for what a plan asks for now. Raises ConfigError if there is none."""
        for configured in self.settings.plans:
            if configured.name == name:
                return self._desk(configured)
        known = ", ".join(one.name for one in self.settings.plans) or "none"
        msg = f"--plan: expected the name of a plan in the settings ({known}), got {name!r}"
        raise ConfigError(msg)

    def check(self) -> None:
        """Raise ConfigError, naming every key, if a plan asks for what does not exist.

        Better now than at seven in the morning.
        """
        problems = []
        for number, configured in enumerate(self.settings.plans):
            try:
                self._desk(configured)
            except ConfigError as error:
                told = str(error)
                for option, key in _OPTIONS.items():
                    told = told.replace(option, key)
                problems.append(f"plans.{number} ({configured.name}): {told}")
        if problems:
            raise ConfigError("settings: " + "; ".join(problems))

    def _desk(self, configured: PlanSettings) -> Desk:
        request = Request(
            source=configured.source,
            symbol=configured.symbol,
            levels=None if configured.levels is None else parse_levels(configured.levels),
            locales=configured.locales,
            formats=configured.formats,
        )
        desk = desk_of(request, self.settings)
        max_age = _minutes(configured.stale_after_minutes)
        orders = Orders(
            plan=configured.name,
            accounts=configured.accounts,
            approval_lasts=_minutes(configured.approval_lasts_minutes),
            max_age=max_age,
            four_eyes=configured.four_eyes,
        )
        commission = replace(
            desk.commission, orders=orders, max_age=max_age or desk.commission.max_age
        )
        return replace(desk, commission=commission)


def _minutes(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(minutes=number)
