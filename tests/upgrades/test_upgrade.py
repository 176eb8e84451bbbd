"""The data of every landed version comes through all later migrations as it was."""

import os

import pytest

from tests.upgrades import data_sets

# A landed data set is never made again; a new version adds one here and in this folder.
LANDED = {"2026-11-30": "92660bcf5857fcfd1e9e274ac01e7583586890caaad8e0431d96a099d89d64c9"}


@pytest.mark.parametrize("name", LANDED)
def test_no_landed_data_set_was_made_again(name):
    assert data_sets.fingerprint(name) == LANDED[name]


@pytest.mark.parametrize("name", LANDED)
def test_data_of_a_landed_version_comes_through_every_migration(name, tmp_path):
    server = os.environ.get("DATABASE_URL", "")
    with data_sets.opened(name, tmp_path, server) as environment:
        data_sets.manage(environment, "migrate", "-v0")
        before, after = data_sets.known(name, server), data_sets.facts(environment)
        for what in ("revisions", "comments", "addresses"):
            assert after[what] == before[what]
        # Later versions may have more tables; no row of those that were there is lost.
        assert {label: after["rows"].get(label) for label in before["rows"]} == before["rows"]
        assert "all hold" in data_sets.manage(environment, "verify_revisions")
        # The triggers of the insert-only tables are there again.
        assert "no issues" in data_sets.manage(environment, "check", "--database", "default", "--fail-level", "WARNING")
