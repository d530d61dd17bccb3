import type { Encoder, HostBatch } from '../data/encoder.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { HostTensors, TensorSpecs } from '../network/tensors.ts';
import { encoderContract } from './contracts.ts';
import { encodingProblem } from './encoding-problem.ts';
import { guard } from './guard.ts';
import { pluginFailed, type Owner } from './owner.ts';
import { shapeProblem } from './shape-problem.ts';

/** An encoder whose values fill the tensors that it declares with finite numbers. */
export function guardEncoder(encoder: Encoder, owner: Owner): Encoder {
  const shape = shapeProblem(encoderContract, encoder);
  if (shape !== undefined) throw pluginFailed(owner, `encoder gave none that can be used: ${shape}.`);
  const { rows = 1, inputs, targets } = encoder;
  const refuse = (call: string, problem: string | undefined, of = '') => {
    if (problem !== undefined) throw pluginFailed(owner, `${call} ${problem}${of}.`);
  };
  return guard(encoder, owner, {
    results: {
      encode(values: HostTensors, [sample]: [Sample]) {
        refuse('encode', encodingProblem(values, inputs, rows), ` of the sample "${sample.id}"`);
        return values;
      },
      target(values: HostTensors, [sample]: [Sample]) {
        refuse('target', encodingProblem(values, targets, 1), ` of the sample "${sample.id}"`);
        return values;
      },
      fit(fitted: { specs: TensorSpecs; inputs: HostTensors }, [, fittedRows]: [unknown, number]) {
        refuse('fit', encodingProblem(fitted.inputs, fitted.specs, fittedRows));
        return fitted;
      },
      mix(batch: HostBatch) {
        refuse('mix', encodingProblem(batch.inputs, batch.specs ?? inputs, batch.size * rows));
        refuse('mix', encodingProblem(batch.targets, targets, batch.size));
        return batch;
      },
      length(length: number) {
        refuse(
          'length',
          length >= 0 && Number.isFinite(length) ? undefined : `gave ${String(length)}, which is not a length`,
        );
        return length;
      },
    },
  });
}
