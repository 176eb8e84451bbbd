"""Which old backups go."""

import datetime

from lupussite.backups.keeping import name_at, too_many


def names(*days, hours=(3,)):
    return [
        name_at(datetime.datetime(2026, 11, 30, hour, tzinfo=datetime.UTC) - datetime.timedelta(days=day))
        for day in days
        for hour in hours
    ]


def test_seven_days_and_four_weeks_stay():
    made = names(*range(60))
    gone = set(too_many(made))
    # 30 November 2026 is a Monday. Of each week before, its Sunday is the newest.
    stay = names(*range(7), 1, 8, 15)
    assert set(made) - gone == set(stay)


def test_the_newest_of_a_day_stays():
    assert too_many(names(0, hours=(3, 12, 20))) == names(0, hours=(3, 12))


def test_a_site_that_stood_still_for_a_year_loses_no_backup():
    made = names(0, *range(400, 405))
    assert set(too_many(made)) == set(names(*range(400, 405)))
    assert too_many(names(*range(400, 403))) == []


def test_other_files_are_never_named():
    others = ["notes.txt", "lupus.tar.gz", "lupus-2026-99-99-000000.tar.gz", ".lupus-2026-11-30-030000.tar.gz.part", "db.sqlite3"]
    assert too_many(others) == []
    assert too_many(names(*range(60)) + others) == too_many(names(*range(60)))
