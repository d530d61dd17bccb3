import { Dense, normal } from '@headstart/core/network';
import { KERNEL } from './kernel-layout.ts';

/**
 * A dense layer of an encoder. Products are fastest, forwards and backwards, where the shorter side of W makes its
 * rows: with more outputs than inputs it is held as checkpoints hold it, `<name>.weight` `[outputs, inputs]`, otherwise
 * turned, `<name>.kernel` `[inputs, outputs]`. Fresh weights are normal.
 */
export function linear(name: string, inputs: number, outputs: number, standardDeviation: number): Dense {
  const turned = outputs <= inputs;
  return new Dense({
    name,
    kernel: turned ? `${name}${KERNEL}` : undefined,
    inputs,
    outputs,
    layout: turned ? 'inputs-outputs' : 'outputs-inputs',
    initialiser: normal(standardDeviation),
  });
}
