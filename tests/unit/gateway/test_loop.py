"""The loop: what is due is done, and nothing starves anything else."""

import selectors
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from gateway.clock import SystemClock
from gateway.loop import Loop


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = Loop(SystemClock())
    yield loop
    loop.close()


def now_ms() -> int:
    return SystemClock().monotonic_ms()


def test_timers_fire_in_order_unless_cancelled(loop: Loop) -> None:
    fired: list[str] = []
    at_ms = now_ms()
    loop.call_at(at_ms + 2, lambda: fired.append("second"))
    loop.call_at(at_ms + 1, lambda: fired.append("first"))
    loop.call_at(at_ms + 1, lambda: fired.append("never")).cancel()
    loop.run(until=lambda: len(fired) == 2)
    assert fired == ["first", "second"]


def test_agent_that_is_always_due_starves_nobody(loop: Loop) -> None:
    class Eager:
        def step(self) -> int:
            return 0

    near, far = socket.socketpair()
    read: list[int] = []
    loop.add(Eager())
    loop.register(near, selectors.EVENT_READ, read.append)
    far.send(b"x")
    loop.run(until=lambda: bool(read))
    loop.unregister(near)
    near.close()
    far.close()


def test_defect_of_one_silences_no_other(loop: Loop, caplog: pytest.LogCaptureFixture) -> None:
    class Defective:
        def step(self) -> int:
            raise RuntimeError("a defect")

    class Sound:
        steps = 0

        def step(self) -> int:
            self.steps += 1
            return now_ms() + 1

    sound = Sound()
    loop.add(Defective())
    loop.add(sound)
    loop.run(until=lambda: sound.steps > 3)
    assert "a defect" in caplog.text


def test_removed_agent_is_stepped_no_more(loop: Loop) -> None:
    class Counted:
        steps = 0

        def step(self) -> int:
            self.steps += 1
            return now_ms()

    counted, other = Counted(), Counted()
    loop.add(counted)
    loop.add(other)
    loop.run(until=lambda: counted.steps > 2)
    loop.remove(counted)
    steps, goal = counted.steps, other.steps + 5
    loop.run(until=lambda: other.steps > goal)
    assert counted.steps == steps


def test_slow_work_is_done_elsewhere_and_reported_here(loop: Loop) -> None:
    threads: list[str] = []
    done: list[Future[int]] = []

    def work() -> int:
        threads.append(threading.current_thread().name)
        return 7

    def report(outcome: Future[int]) -> None:
        threads.append(threading.current_thread().name)
        done.append(outcome)

    loop.in_helper(work, report)
    loop.run(until=lambda: bool(done))
    assert done[0].result() == 7
    assert threads[0] != threads[1] == threading.current_thread().name


def test_stop_from_another_thread(loop: Loop) -> None:
    threading.Timer(0.01, loop.stop).start()
    loop.run()
