"""Nobody is invited to a desk that does not listen.

In a process of its own: waitress leaves sockets open where it gives up.
"""

import os
import socket
import subprocess
import sys
from pathlib import Path


def refusal(home: Path, **address: str) -> str:
    """Return what `squaredesk web` says when it cannot have its address."""
    ours = {"SQUAREDESK_HOME": str(home), **address}
    done = subprocess.run(
        [sys.executable, "-m", "composer", "web"],
        env={**os.environ, **ours},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    return done.stderr


def test_a_port_that_is_taken_is_refused(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = refusal(tmp_path, SQUAREDESK_PORT=str(port))
    assert f"cannot listen on 127.0.0.1:{port}: " in told
    assert told.endswith("; choose another port\n")


def test_a_host_that_is_none_is_refused(tmp_path: Path) -> None:
    told = refusal(tmp_path, SQUAREDESK_HOST="not a host")
    assert told.endswith("not a host:8321: expected a host of this machine\n")
