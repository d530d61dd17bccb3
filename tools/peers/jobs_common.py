"""What the programs of whole jobs share: the samples of folders and tables, and the result."""

import csv
import os

import numpy as np

from peer_common import read_job, write_result  # noqa: F401

SPLITS = ("train", "validation", "test")


def photographs(folder):
    """Paths and class numbers by split, of folders for splits and in these for classes."""
    classes = sorted({name for split in SPLITS for name in os.listdir(os.path.join(folder, split))})
    found = {}
    for split in SPLITS:
        found[split] = [
            (os.path.join(folder, split, name, file), number)
            for number, name in enumerate(classes)
            if os.path.isdir(os.path.join(folder, split, name))
            for file in sorted(os.listdir(os.path.join(folder, split, name)))
        ]
    return found


def sentences(path):
    """Texts and class numbers by split."""
    found = {split: ([], []) for split in SPLITS}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            texts, labels = found[row["split"]]
            texts.append(row["text"])
            labels.append(int(row["label"] == "positive"))
    return {split: (texts, np.array(labels)) for split, (texts, labels) in found.items()}
