# SPDX-License-Identifier: GPL-2.0-only
"""`nru watch` shows a run as it plays, to this machine alone, and ends with it."""

import base64
import http.client
import io
import json
import threading
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image

from pyagents.cli import main
from pyagents.core.families import ENVIRONMENT
from pyagents.live.server import LiveServer
from pyagents.live.show import encode_picture
from pyagents.live.stream import MOST, Stream

QUEUES = ["--scenario", "queues", "--simulator", "mock", "--steps", "5", "--open"]


def read_events(text: str) -> list[tuple[str, Any]]:
    events = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        events.append((fields["event"], json.loads(fields["data"])))
    return events


@pytest.fixture
def seen(in_tmp: Path, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a browser that is opened is told, once the run is over."""
    monkeypatch.setenv(ENVIRONMENT, "tests.two_queues:FAMILY")
    events: list[Any] = []

    def follow(url: str) -> None:
        with urllib.request.urlopen(f"{url}events", timeout=60) as stream:
            events.extend(read_events(stream.read().decode()))

    monkeypatch.setattr("webbrowser.open", lambda url: threading.Thread(target=follow, args=(url,)).start())
    return events


def test_a_page_is_told_of_every_step_and_the_end(seen: list[Any]) -> None:
    assert main(["watch", *QUEUES, "--speed", "0", "--out", "watched"]) == 0
    (first, about), *steps, (last, end) = seen
    assert (first, last, end["message"]) == ("about", "end", "")
    assert about["panels"] == [{"title": "Work waiting", "parts": ""}]
    assert [told["step"] for _, told in steps] == [0, 1, 2, 3, 4, 5]
    (_, *rows) = Path("watched/rows.csv").read_text().splitlines()
    shown = [told["curves"][0][0] for _, told in steps]
    assert shown == pytest.approx([float(row.split(",")[2]) for row in rows], abs=1e-6)
    assert [told["tiles"][0] for _, told in steps] == [f"{value:.3f}" for value in shown]
    assert main(["run", *QUEUES[:-1], "--out", "run"]) == 0
    assert Path("run/rows.csv").read_bytes() == Path("watched/rows.csv").read_bytes()


def test_a_run_that_fails_says_so_on_the_page(seen: list[Any], in_tmp: Path) -> None:
    (in_tmp / "bad.py").write_text(
        "class Bad:\n    def reset(self, scenario, seed): ...\n    def act(self, snapshot): return 1 / 0\n"
    )
    assert main(["watch", *QUEUES, "--agent", "bad.py:Bad", "--speed", "0"]) == 1
    kind, told = seen[-1]
    assert kind == "end"
    assert "ZeroDivisionError" in told["message"]


@pytest.mark.usefixtures("seen")
def test_nobody_has_to_look(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("webbrowser.open", lambda url: False)
    assert main(["watch", *QUEUES, "--wait-s", "0.1", "--speed", "1000"]) == 0
    assert "Open http://127.0.0.1:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (["--every", "0"], "every=0 is not allowed: must be 1 to"),
        (["--speed", "-1"], "speed=-1 is not allowed"),
        (["--port", "70000"], "port=70000 is not allowed"),
    ],
)
@pytest.mark.usefixtures("seen")
def test_bad_flags_are_refused(flags: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", *QUEUES, *flags]) == 2
    assert why in capsys.readouterr().err


def test_the_page_is_served_under_its_own_name_alone() -> None:
    with LiveServer(Stream()) as server:
        for path, kind in (("", "text/html"), ("page.css", "text/css"), ("page.js", "text/javascript")):
            with urllib.request.urlopen(server.url + path, timeout=10) as answer:
                assert answer.headers["Content-Type"].startswith(kind)
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
                assert answer.read()
        place = urlsplit(server.url)
        assert place.hostname == "127.0.0.1"
        for path, headers, status in (("/", {"Host": "elsewhere.example"}, 403), ("/../server.py", {}, 404)):
            connection = http.client.HTTPConnection(place.netloc, timeout=10)
            connection.request("GET", path, headers=headers)
            assert connection.getresponse().status == status
            connection.close()


def test_late_readers_get_the_beginning_and_the_newest() -> None:
    stream = Stream()
    for number in range(MOST + 10):
        stream.add("step", {"number": number})
    stream.close()
    numbers = [message.number for message in stream.follow()]
    assert numbers == [0, *range(10, MOST + 10)]
    assert [message.number for message in stream.follow(MOST + 7)] == [MOST + 8, MOST + 9]
    assert stream.wait_until_read(0)


def test_pictures_travel_as_they_are() -> None:
    pixels = np.zeros((4, 6, 3), dtype=np.uint8)
    pixels[1:3, 2:5] = (200, 30, 60)
    head, _, code = encode_picture(pixels).partition(",")
    assert head == "data:image/png;base64"
    with Image.open(io.BytesIO(base64.b64decode(code))) as picture:
        assert np.array_equal(np.asarray(picture.convert("RGB")), pixels)
