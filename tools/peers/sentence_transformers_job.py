"""From a table of sentences to a model on disk: sentence-transformers and scikit-learn's logistic regression, as their guides do it."""

import os

import joblib
import sentence_transformers
import sklearn
import torch
from sentence_transformers import SentenceTransformer
from sklearn.linear_model import LogisticRegression

from jobs_common import read_job, sentences, write_result

job = read_job()
torch.set_num_threads(job["threads"])
model = SentenceTransformer(job["model"], device="cpu")
encoded = {
    split: (model.encode(texts, batch_size=32, show_progress_bar=False), labels)
    for split, (texts, labels) in sentences(job["data"]).items()
}
head = LogisticRegression(max_iter=1000).fit(*encoded["train"])
head.score(*encoded["validation"])
joblib.dump(head, os.path.join(job["scratch"], "model.joblib"))
versions = {
    "sentence-transformers": sentence_transformers.__version__,
    "scikit-learn": sklearn.__version__,
    "torch": torch.__version__,
}
write_result(job, accuracy=head.score(*encoded["test"]), versions=versions)
