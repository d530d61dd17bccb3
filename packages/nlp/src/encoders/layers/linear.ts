import { Dense, normal } from '@headstart/core/network';
import { KERNEL } from './kernel-layout.ts';

/**
 * A dense layer of an encoder. Products are fastest, forwards and backwards, where the shorter side of W makes its
 * rows: with more outputs than inputs it is held as checkpoints hold it, `<name>.weight` `[outputs, inputs]`, otherwise
 * transposed, `<name>.kernel` `[inputs, outputs]`. Fresh weights are normal.
 */
export function linear(name: string, inputs: number, outputs: number, standardDeviation: number): Dense {
  const transposed = outputs <= inputs;
  return new Dense({
    name,
    kernel: transposed ? `${name}${KERNEL}` : undefined,
    inputs,
    outputs,
    layout: transposed ? 'inputs-outputs' : 'outputs-inputs',
    initialiser: normal(standardDeviation),
  });
}
