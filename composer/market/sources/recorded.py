"""Read a recorded market from a file.

Candles with open interest (CSV), a finished map (JSON), or the raw answers of an exchange,
as `squaredesk record` keeps them (JSON).

The traps a recording sets: open interest may be stamped at the open or at the close of the
bar whose row it stands in; amounts may count USD or coins, one side of each contract or
both; funding may be a fraction or in percent; and the columns of one row may come from
different venues. None of that can be read off the numbers, so a column description
(`columns/*.toml`, or one beside the file) has to say it.
No terms of use, no rate limit: the files are the user's own.
"""

from dataclasses import dataclass
from pathlib import Path

from composer.errors import ConfigError, SourceDataError
from composer.market.records import MarketSnapshot, Query
from composer.market.sources import readers
from composer.market.sources._candles_file import candles_snapshot
from composer.market.sources._json_file import parsed_json
from composer.market.sources._map_file import map_snapshot
from composer.market.sources._options import SourceOptions
from composer.market.sources._recording import is_recording, replay


@dataclass(frozen=True, slots=True)
class RecordedSource:
    """One file; what it holds shows in its ending."""

    path: Path
    name: str = "recorded"

    def snapshot(self, query: Query) -> MarketSnapshot:
        """Return the market as the file knows it at `query.cutoff`.

        Raises ConfigError if the file, its description, the symbol or --as-of is not what
        was meant, SourceDataError if the content is wrong, SourceUnavailableError if the
        file cannot be read.
        """
        try:
            found = self._read(query)
        except SourceDataError as error:
            if self.path.name in str(error):
                raise
            msg = f"{self.path.name}: {error}"
            raise SourceDataError(msg) from error
        if query.symbol not in {None, found.symbol}:
            msg = (
                f"{self.path.name} holds {found.symbol}, not {query.symbol}; leave --symbol out "
                "or name another source"
            )
            raise ConfigError(msg)
        return found

    def _read(self, query: Query) -> MarketSnapshot:
        if self.path.suffix.lower() != ".json":
            return candles_snapshot(self.path, query)
        tree = parsed_json(self.path)
        if is_recording(tree):
            return replay(tree, self.path, query, readers())
        return map_snapshot(self.path, tree, query)


def open_source(
    argument: str | None,
    _options: SourceOptions | None = None,
) -> RecordedSource:
    """Open the file at the path `argument`; raise ConfigError if it is no path of ours."""
    if not argument or not argument.lower().endswith((".csv", ".csv.gz", ".json")):
        msg = f"--source {argument or 'recorded'}: expected the path of a .csv, .csv.gz or .json"
        raise ConfigError(msg)
    return RecordedSource(Path(argument))
