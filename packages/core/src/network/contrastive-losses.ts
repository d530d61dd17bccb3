import {
  add,
  cast,
  div,
  equal,
  expandDims,
  eye,
  greater,
  logSoftmax,
  matMul,
  maximum,
  mul,
  neg,
  rsqrt,
  square,
  sub,
  sum,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/** Added to the likeness of a sample to itself, so that softmax gives it no share. */
const ITSELF = -1e9;

/** Rows scaled to length 1; a row of zeros stays one. */
export function unitRows(x: Tensor2D): Tensor2D {
  return mul(x, rsqrt(add(sum(square(x), 1, true), 1e-12)));
}

/** Cosine of every row of one matrix with every row of the other: `[n, width]`, `[m, width]` to `[n, m]`. */
export function cosines(a: Tensor2D, b: Tensor2D): Tensor2D {
  return matMul(unitRows(a), unitRows(b), false, true);
}

/** 1 for two rows of one group, 0 for others and for a row with itself: `[n, n]`. */
function partners(groups: Tensor1D): { same: Tensor2D; others: Tensor2D } {
  const identity = eye(groups.size);
  const alike = cast<Tensor2D>(equal(expandDims(groups, 1), expandDims(groups, 0)), 'float32');
  return { same: sub(alike, identity), others: sub(1, alike) };
}

/** The weighted mean, 0 where all weights are 0. */
function meanOver(values: Tensor, weights: Tensor): Scalar {
  return div(sum(mul(values, weights)), maximum(sum(weights), 1));
}

/**
 * Draws samples of one group together and others to a right angle: half the mean of `(1 - cos)²` over the
 * pairs of one group, and half that of `cos²` over all other pairs. It is the squared error of the cosine that
 * SetFit takes over as many like as unlike pairs (Tunstall et al., 2022, arXiv 2209.11055), over all pairs of a batch.
 */
export function cosinePairLoss(embeddings: Tensor2D, groups: Tensor1D): Scalar {
  const likeness = cosines(embeddings, embeddings);
  const { same, others } = partners(groups);
  const attraction = meanOver(square(sub(1, likeness)), same);
  return mul(add(attraction, meanOver(square(likeness), others)), 0.5);
}

/**
 * The supervised contrastive loss (Khosla et al., 2020, arXiv 2004.11362): for each sample that has a partner,
 * the mean over its partners of `-log softmax(cos / temperature)` among all other samples of the batch.
 */
export function supervisedContrastiveLoss(embeddings: Tensor2D, groups: Tensor1D, temperature: number): Scalar {
  const { same } = partners(groups);
  const logits = add(div(cosines(embeddings, embeddings), temperature), mul(eye(groups.size), ITSELF));
  const counts = sum(same, 1);
  const losses = div(neg(sum(mul(same, logSoftmax(logits)), 1)), maximum(counts, 1));
  return meanOver(losses, cast(greater(counts, 0), 'float32'));
}

/**
 * The multiple-negatives ranking loss (Henderson et al., 2017, arXiv 1705.00652): each query is to find its own
 * candidate, the one of the same row, among those of the whole batch; cross-entropy of `cos / temperature`.
 * Both `[batch, width]`.
 */
export function multipleNegativesLoss(queries: Tensor2D, candidates: Tensor2D, temperature: number): Scalar {
  const logits = div(cosines(queries, candidates), temperature);
  return neg(div(sum<Scalar>(mul(logSoftmax(logits), eye(queries.shape[0]))), queries.shape[0]));
}
