"""Cross-validates scikit-learn's logistic regression on features: with the folds that it is given, and with its own.

Reads one JSON document from standard input: features, labels, folds (from 1), k, seeds. Writes one to standard output.
"""

import json
import sys

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import PredefinedSplit, StratifiedKFold, cross_val_predict

given = json.load(sys.stdin)
x = np.array(given["features"], dtype=np.float64)
y = np.array(given["labels"])
# As the probe scales features of sentence encoders: each centred, all divided by one deviation.
x = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0).mean())
model = LogisticRegression(C=given["C"], max_iter=5000)


def scores(splits):
    predicted = cross_val_predict(model, x, y, cv=splits)
    folds = [float((predicted[test] == y[test]).mean()) for _, test in splits.split(x, y)]
    return predicted, folds


predicted, folds = scores(PredefinedSplit(np.array(given["folds"]) - 1))
own = [
    float(np.mean(scores(StratifiedKFold(given["k"], shuffle=True, random_state=seed))[1]))
    for seed in range(given["seeds"])
]
json.dump({"predicted": predicted.tolist(), "folds": folds, "own": own}, sys.stdout)
