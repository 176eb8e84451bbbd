"""Screens a file of texts, to measure the rules and to try them on the past."""

import argparse
import json

from django.core.management.base import BaseCommand

from comments.screening import Submission, lane_of, screen

# Signals of our own, and the labels they stand for.
LABELS = {
    "crisis_worded": "crisis_now",
    "minor_in_danger": "minor",
    "dose_like": "medical_dose",
    "stop_like": "medical_stop",
    "cure_like": "medical_cure",
    "spam_like": "promo",
}


class Command(BaseCommand):
    """`manage.py screen FILE`: predictions as JSON lines, and nothing else."""

    help = 'Read JSON lines {"id", "text"}, print {"id", "lane", "signals", "spans"} for each; needs no database.'
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=argparse.FileType(encoding="utf-8"), help="path, or - for standard input")

    def handle(self, *, file, **options):
        with file:
            for line in file:
                if line.strip():
                    row = json.loads(line)
                    self.stdout.write(json.dumps({"id": row["id"], **predict(row["text"])}, ensure_ascii=False))


def predict(text: str) -> dict:
    """Return lane, signal codes and the spans of personal details of one text."""
    signals = screen(Submission(name="", email="", body=text))
    return {
        "lane": str(lane_of(signals)),
        "signals": list(dict.fromkeys(LABELS.get(signal.code, signal.code) for signal in signals)),
        "spans": [
            [start, end, signal.code] for signal in signals if signal.code.startswith("personal_") for start, end in signal.spans
        ],
    }
