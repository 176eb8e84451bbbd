"""The cache that all processes of a machine share: what one counts, the others know."""

import concurrent.futures
import multiprocessing
import os
import pickle
import sqlite3
import stat
import time

import pytest

from lupussite.shared_cache import SharedCache, begin_empty


@pytest.fixture
def cache(tmp_path):
    """An empty cache."""
    return SharedCache(tmp_path / "cache.sqlite3", {})


def test_what_is_kept_comes_back(cache):
    for value in (0, 7, -3, True, "words", ("a", frozenset({"b"})), None):
        cache.set("key", value)
        assert cache.get("key", "nothing") == value
        assert type(cache.get("key")) is type(value)
    assert cache.delete("key")
    assert not cache.delete("key")
    assert cache.get("key", "nothing") == "nothing"


def test_only_the_first_adds(cache):
    assert cache.add("key", 1)
    assert not cache.add("key", 2)
    assert cache.get("key") == 1


def test_what_is_out_of_date_is_as_good_as_gone(cache):
    cache.set("key", 1, timeout=0)
    assert cache.get("key") is None
    with pytest.raises(ValueError, match="not found"):
        cache.incr("key")
    assert cache.add("key", 2, timeout=60)
    assert cache.touch("key", 0)
    assert cache.get("key") is None
    assert not cache.touch("key")
    cache.set("key", 3, timeout=None)
    assert cache.get("key") == 3


def _count(path, times):
    cache = SharedCache(path, {})
    for _ in range(times):
        cache.add("flood", 0, timeout=60)
        cache.incr("flood")


def test_no_count_of_several_processes_is_lost(cache):
    cache.set("before", 1)  # Open before the fork, as in a process that serves.
    processes = [multiprocessing.get_context("fork").Process(target=_count, args=(cache.path, 200)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    assert cache.get("flood") == 800


def test_those_who_come_together_to_a_new_file_all_get_in(tmp_path):
    for number in range(20):
        path = tmp_path / f"cache-{number}.sqlite3"
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            kept = list(pool.map(lambda place, path=path: SharedCache(path, {}).add(f"key-{place}", place), range(8)))
        assert kept == [True] * 8


def test_old_entries_are_swept_out_and_so_are_too_many(cache, monkeypatch):
    monkeypatch.setattr("lupussite.shared_cache.SWEEP", 1)
    monkeypatch.setattr("lupussite.shared_cache.MOST", 10)
    cache.set("old", 1, timeout=0.01)
    time.sleep(0.02)
    for number in range(30):
        cache.set(f"key-{number}", number)
    with sqlite3.connect(cache.path) as database:
        assert database.execute("SELECT count(*) FROM entry").fetchone() == (10,)
    assert cache.get("key-29") == 29
    assert cache.get("key-0") is None


def test_the_file_is_for_the_site_alone_and_a_new_start_empties_it(cache):
    cache.set("key", pickle.dumps("x"))
    assert stat.S_IMODE(os.stat(cache.path).st_mode) == 0o600
    begin_empty(cache.path)
    assert SharedCache(cache.path, {}).get("key") is None
