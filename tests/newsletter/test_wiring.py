import subprocess
import sys
import threading

import pytest

from newsletter.parts import _generated_key
from newsletter.settings import InvalidSettings


def test_processes_that_start_together_agree_on_the_key(tmp_path):
    path, ready, keys = tmp_path / "secret.key", threading.Barrier(8), []

    def process():
        ready.wait()
        keys.append(_generated_key(path))

    processes = [threading.Thread(target=process) for _ in range(8)]
    for one in processes:
        one.start()
    for one in processes:
        one.join()

    assert len(keys) == 8
    assert set(keys) == {path.read_bytes()}
    assert list(tmp_path.iterdir()) == [path]


def test_a_key_that_was_lost_is_not_replaced_in_silence(tmp_path):
    path = tmp_path / "secret.key"
    path.touch()

    with pytest.raises(InvalidSettings, match="restore it from a backup"):
        _generated_key(path)


def test_what_needs_no_web_imports_none():
    wired_without_web = (
        "import sys; from newsletter import settings, wiring; wiring.build(settings.load()); "
        "assert 'fastapi' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", wired_without_web], check=True)
