import { engine, variableGrads, type NamedTensorMap, type Scalar, type Variable } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';

/**
 * `variableGrads`, whose failure at an operation that has no gradient says what can be done. Any operation may
 * stand in a network that somebody else has made.
 *
 * @throws HeadstartError `not-supported`
 */
export function explainedGradients(f: () => Scalar, variables: Variable[]): { value: Scalar; grads: NamedTensorMap } {
  try {
    return variableGrads(f, variables);
  } catch (cause) {
    releaseTape();
    const operation = /gradient function not found for (\w+)/.exec(cause instanceof Error ? cause.message : '')?.[1];
    if (operation === undefined) throw cause;
    throw new HeadstartError({
      code: 'not-supported',
      message: `The network cannot be trained through the operation ${operation}, which has no gradient: it lies between trainable weights and the loss.`,
      hint: 'Train what comes after it only (--strategy linear-probe), take features before it, or use a model without it.',
      cause,
    });
  }
}

/** Disposes what the operations of an unfinished forward pass have kept for gradients that are not computed any more. */
function releaseTape(): void {
  const { state } = engine();
  if (state.gradientDepth > 0) return;
  for (const { saved = [] } of state.activeTape ?? []) for (const tensor of saved) tensor.dispose();
  state.activeTape = null as never;
}
