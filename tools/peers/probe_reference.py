"""What scikit-learn's logistic regression reaches from one data set to another, on features that
`npm run measure -- write-features` wrote.

    python tools/peers/probe_reference.py FOLDER [--part all|split|half] [--scale none|features] [--C 1] SOURCE:TARGET ...

`all` fits on every sample of the source and scores on every one of the target; `split` fits on the training
split of 70/10/20 and scores on the test split, `half` the same of halves. Classes that the source lacks are left out of the target.
"""

import argparse
import json
import pathlib

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler


def read(folder, name):
    about = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    features = numpy.fromfile(folder / f"{name}.f32", dtype="<f4").reshape(about["shape"])
    columns = {key: numpy.array([sample[key] for sample in about["samples"]]) for key in ("label", "split", "half")}
    return features, columns


def chosen(columns, part, which):
    if part == "all":
        return numpy.ones(len(columns["label"]), dtype=bool)
    return columns[part] == which


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("pairs", nargs="+")
    parser.add_argument("--part", choices=["all", "split", "half"], default="all")
    parser.add_argument("--scale", choices=["none", "features"], default="none")
    parser.add_argument("--C", type=float, default=1.0)
    options = parser.parse_args()
    for pair in options.pairs:
        source, target = pair.split(":")
        features, columns = read(options.folder, source)
        fit = chosen(columns, options.part, "train")
        x, y = features[fit], columns["label"][fit]
        tested, truth = read(options.folder, target)
        judged = chosen(truth, options.part, "test") & numpy.isin(truth["label"], y)
        scaler = StandardScaler().fit(x) if options.scale == "features" else None
        x, x_test = (scaler.transform(x), scaler.transform(tested[judged])) if scaler else (x, tested[judged])
        model = LogisticRegression(C=options.C, max_iter=5000).fit(x, y)
        accuracy = numpy.mean(model.predict(x_test) == truth["label"][judged])
        print(f"{source:24} {target:24} fit {fit.sum():5d}  judged {judged.sum():5d}  accuracy {accuracy:.4f}")


if __name__ == "__main__":
    main()
