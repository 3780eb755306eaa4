"""The words a picture prints, as its kind names them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from composer.errors import RenderError


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartText:
    """The strings every kind prints; a kind adds those of its own, all but its scales.

    `credit` is the creator's name, `watermark` a warning such as that the data is
    simulated.
    """

    title: str
    subtitle: str
    caveat: str
    price_label: str
    credit: str | None = None
    watermark: str | None = None

    @classmethod
    def of(cls, strings: Mapping[str, str]) -> Self:
        """Return the words of a written chart.

        Raises RenderError if the chart's template left a string out.
        """
        known = {item.name for item in fields(cls)}
        try:
            return cls(**{key: text for key, text in strings.items() if key in known})
        except TypeError as error:
            kind = cls.__module__.rpartition(".")[2]
            msg = f"the words of the chart {kind} are not complete: {error}"
            raise RenderError(msg) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelsText(ChartText):
    """The strings of a kind that shows both levels.

    `upper_label` and `lower_label` name them; `upper_intensity` and `lower_intensity` say
    what lies between them and the price. `long_label` and `short_label` name the sides.
    """

    upper_label: str
    upper_intensity: str
    lower_label: str
    lower_intensity: str
    long_label: str
    short_label: str
