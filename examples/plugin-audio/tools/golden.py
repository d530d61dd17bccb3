"""Writes src/features/golden.json: what librosa makes of a sound that log-mel.test.ts makes too.

pip install librosa==0.11.0 (run with numpy 2.4.6); then: python tools/golden.py
"""

import json
import pathlib

import librosa
import numpy as np

RATE, LENGTH = 16_000, 16_000
t = np.arange(LENGTH) / RATE
# A rising tone, a steady one with overtones, and a click: the same formula as in the test.
sound = (
    0.4 * np.sin(2 * np.pi * (200 * t + 1500 * t * t))
    + 0.2 * sum(np.sin(2 * np.pi * 330 * k * t) / k for k in range(1, 6)) * (t > 0.5)
    + 0.8 * (np.abs(t - 0.25) < 1e-4)
).astype(np.float32)

mel = dict(sr=RATE, n_fft=512, n_mels=40, fmin=20, fmax=7600, htk=False, norm="slaney")
filters = librosa.filters.mel(**mel, dtype=np.float64)
power = librosa.feature.melspectrogram(
    y=sound.astype(np.float64), hop_length=320, window="hann", center=False, power=2.0, dtype=np.float64, **mel
)
decibels = librosa.power_to_db(power, ref=np.max, amin=1e-20, top_db=60)
assert power.shape == (40, 49), power.shape

at = [(0, 0), (3, 5), (12, 10), (12, 39), (20, 15), (24, 12), (30, 8), (30, 20), (40, 30), (48, 25), (48, 39)]
pathlib.Path(__file__).parent.parent.joinpath("src/features/golden.json").write_text(
    json.dumps(
        {
            "made by": f"librosa {librosa.__version__}, numpy {np.__version__}",
            "filter sums": [round(float(row.sum()), 9) for row in filters],
            "power": [[frame, band, float(f"{power[band, frame]:.9g}")] for frame, band in at],
            "decibels": [[frame, band, round(float(decibels[band, frame]), 6)] for frame, band in at],
            "mean decibels": round(float(decibels.mean()), 6),
        },
        indent=1,
    )
    + "\n"
)
