"""Charts drawn in processes of their own are the same charts, and a death costs none."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from composer.charts import draw_chart, pool
from composer.charts.pool import ChartPool, chart_pool
from composer.charts.scene import Scene
from composer.errors import RenderError
from composer.figures.facts import facts_of
from composer.text.writing import WrittenChart, write_chart
from tests.markets import SAMPLE_2, figures_of, snapshot_of

KIND = "liquidation_map"


@pytest.fixture(scope="module")
def scene() -> Scene:
    figures = replace(figures_of(SAMPLE_2), warnings=MappingProxyType({"a": "b"}))
    return Scene(figures=figures, market=snapshot_of(SAMPLE_2))


@pytest.fixture(scope="module")
def words(scene: Scene) -> WrittenChart:
    return write_chart(KIND, locale="zh_Hans", facts=facts_of(scene.figures))


@pytest.fixture(scope="module")
def drawing() -> Iterator[ChartPool]:
    with chart_pool() as drawing:
        yield drawing


def processes(drawing: ChartPool) -> list[int]:
    assert drawing._executor is not None
    return list(drawing._executor._processes)


def test_a_chart_is_the_same_wherever_it_is_drawn(
    drawing: ChartPool, scene: Scene, words: WrittenChart
) -> None:
    here = draw_chart(KIND, scene, words, edition="e1")
    assert drawing(KIND, scene, words, edition="e1") == here
    with ThreadPoolExecutor(4) as threads:
        elsewhere = list(threads.map(lambda _: drawing(KIND, scene, words, edition="e1"), range(4)))
    assert elsewhere == [here] * 4
    assert len(processes(drawing)) == 1


def test_what_cannot_be_drawn_is_told_by_its_own_error(
    drawing: ChartPool, scene: Scene, words: WrittenChart
) -> None:
    with pytest.raises(RenderError, match="there is no chart kind 'pie'"):
        drawing("pie", scene, words, edition="e1")
    assert drawing(KIND, scene, words, edition="e1")


def test_a_process_that_died_is_replaced(
    drawing: ChartPool, scene: Scene, words: WrittenChart
) -> None:
    here = drawing(KIND, scene, words, edition="e1")
    (first,) = processes(drawing)
    os.kill(first, signal.SIGKILL)
    assert drawing(KIND, scene, words, edition="e1") == here
    assert processes(drawing) != [first]


class DeadExecutor:
    """An executor whose processes die under every chart."""

    made = 0

    def __init__(self, *_: object, **__: object) -> None:
        DeadExecutor.made += 1

    def submit(self, *_: object) -> None:
        raise BrokenProcessPool


def test_a_chart_that_kills_twice_is_given_up(
    scene: Scene, words: WrittenChart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "ProcessPoolExecutor", DeadExecutor)
    monkeypatch.setattr(DeadExecutor, "made", 0)
    with pytest.raises(RenderError, match="ended twice"):
        ChartPool()(KIND, scene, words, edition="e1")
    assert DeadExecutor.made == 3  # two that failed, and one for whoever comes next


def test_nothing_is_started_until_a_chart_is_asked_for() -> None:
    with chart_pool() as idle:
        assert idle._executor is None


_ORPHAN = """
import sys, time
from composer.charts.pool import ChartPool
from composer.charts.scene import Scene
from composer.figures.facts import facts_of
from composer.text.writing import write_chart
from tests.markets import SAMPLE_2, figures_of, snapshot_of

if __name__ == "__main__":
    drawing, figures = ChartPool(), figures_of(SAMPLE_2)
    scene = Scene(figures=figures, market=snapshot_of(SAMPLE_2))
    words = write_chart("liquidation_map", locale="en", facts=facts_of(figures))
    drawing("liquidation_map", scene, words, edition="e")
    print(*drawing._executor._processes, flush=True)
    time.sleep(60)
"""


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def test_no_process_outlives_whoever_was_killed(tmp_path: Path, repository: Path) -> None:
    script = tmp_path / "orphan.py"
    script.write_text(_ORPHAN, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(repository)},
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_running(child)
        parent.kill()
    deadline = time.monotonic() + 10
    while is_running(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(child)
