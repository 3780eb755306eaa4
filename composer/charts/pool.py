"""Draw charts in processes of their own, so that whoever asks stays quick meanwhile.

A process starts with the first chart, imports matplotlib once and stays warm. If one
dies under a chart, the chart is drawn once more by a new one. A process ends with
whoever started it, however that ended.
"""

import os
import pickle
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from multiprocessing import get_context, parent_process
from threading import Lock, Thread
from types import MappingProxyType
from typing import Any

from composer.charts import chart_kinds, draw_chart
from composer.charts.scene import Scene
from composer.errors import RenderError
from composer.text.writing import WrittenChart

PROCESSES = 1


class ChartPool:
    """Draws like `draw_chart`, byte for byte, but elsewhere."""

    def __init__(self, processes: int = PROCESSES) -> None:
        """Draw in up to `processes` at once; none is started yet."""
        self._processes = processes
        self._lock = Lock()
        self._executor: ProcessPoolExecutor | None = None
        self._last: tuple[Scene, bytes] | None = None

    def __call__(self, kind: str, scene: Scene, chart: WrittenChart, *, edition: str) -> bytes:
        """Return the PNG of one chart. Raises RenderError as `draw_chart` does.

        Also where the process that draws it dies twice.
        """
        order = _packed((kind, self._pack(scene), chart, edition))
        executor = self._open()
        try:
            return executor.submit(_draw_packed, order).result()
        except BrokenProcessPool:
            executor = self._open(instead_of=executor)
        try:
            return executor.submit(_draw_packed, order).result()
        except BrokenProcessPool as error:
            self._open(instead_of=executor)
            msg = (
                f"the process that draws the {kind} chart ended twice without a word; "
                "see whether the machine has memory left"
            )
            raise RenderError(msg) from error

    def close(self) -> None:
        """End the processes, after the chart at hand."""
        with self._lock:
            executor, self._executor = self._executor, None
        if executor is not None:
            executor.shutdown()

    def _pack(self, scene: Scene) -> bytes:
        """Return a scene as bytes; of the scene that came last, packed before."""
        last = self._last
        if last is None or last[0] != scene:
            last = self._last = scene, _packed(scene)
        return last[1]

    def _open(self, instead_of: ProcessPoolExecutor | None = None) -> ProcessPoolExecutor:
        """Return the executor, a new one if there is none or only the broken `instead_of`."""
        with self._lock:
            if self._executor is None or self._executor is instead_of:
                self._executor = ProcessPoolExecutor(
                    self._processes, mp_context=get_context("spawn"), initializer=_settle_in
                )
            return self._executor


@contextmanager
def chart_pool(processes: int = PROCESSES) -> Iterator[ChartPool]:
    """Give a pool, and end its processes."""
    pool = ChartPool(processes)
    try:
        yield pool
    finally:
        pool.close()


class _Packer(pickle.Pickler):
    """Packs read-only mappings too, which pickle does not know."""

    def reducer_override(self, value: object) -> Any:  # noqa: ANN401 - as pickle has it
        return (
            (_read_only, (dict(value),)) if isinstance(value, MappingProxyType) else NotImplemented
        )


def _read_only(mapping: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(mapping)


def _packed(order: object) -> bytes:
    buffer = BytesIO()
    _Packer(buffer, pickle.HIGHEST_PROTOCOL).dump(order)
    return buffer.getvalue()


def _draw_packed(order: bytes) -> bytes:
    kind, scene, chart, edition = pickle.loads(order)  # noqa: S301 - from our own process
    return draw_chart(kind, _unpacked(scene), chart, edition=edition)


@lru_cache(maxsize=1)
def _unpacked(scene: bytes) -> Scene:
    """Return the same scene for the same bytes: its plots are drawn once."""
    unpacked: Scene = pickle.loads(scene)  # noqa: S301 - from our own process
    return unpacked


def _settle_in() -> None:
    """Get ready in a new process: import what draws, and leave interrupts to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    chart_kinds()


def _end_with_parent() -> None:
    # Waiting for work, a process would not notice that nobody is left to send any.
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
