import { HeadstartError } from '@headstart/artifacts/errors';
import type { Backend } from './backend.ts';

/** A 16-bit type that products and convolutions of a training step may be computed in. */
export type ReducedPrecision = 'bfloat16' | 'float16';

/** What products and convolutions of a training step are computed in; weights are float32 in any case. */
export type Precision = 'float32' | ReducedPrecision;

/** What a request may ask for. `mixed` leaves the 16-bit type to the backend. */
export const PRECISIONS = ['float32', 'mixed', 'bfloat16', 'float16'] as const;
/** A precision as a user asks for it, one of `PRECISIONS`. */
export type PrecisionRequest = (typeof PRECISIONS)[number];

export interface ChosenPrecision {
  readonly precision: Precision;
  readonly why: string;
}

/**
 * What a request for a precision comes to on a backend. `mixed` is bfloat16 where the processor has
 * instructions for it, which needs no loss scaling, else float16 where it has those.
 *
 * @throws HeadstartError `not-supported` where the backend cannot, or `mixed` would only cost time
 */
export function choosePrecision(
  backend: Pick<Backend, 'name' | 'device' | 'precisions'>,
  asked: PrecisionRequest = 'float32',
): ChosenPrecision {
  if (asked === 'float32') return { precision: 'float32', why: 'default' };
  const { name, device, precisions = {} } = backend;
  if (Object.keys(precisions).length === 0) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `The backend ${name} computes in float32 only; ${asked} was asked for.`,
      hint: 'Leave --precision out, or compute with the backend libtensorflow, which captures its steps (HEADSTART_CAPTURE must not be 0).',
    });
  }
  if (asked === 'mixed') {
    const fast = (['bfloat16', 'float16'] as const).find((type) => precisions[type] === 'fast');
    if (fast) return { precision: fast, why: `mixed, and this ${device} computes in ${fast}` };
    throw new HeadstartError({
      code: 'not-supported',
      message: `This ${device} has no instructions for 16-bit products, so mixed precision would be slower than float32.`,
      hint: 'Leave --precision out, or give --precision bfloat16 to have its numbers all the same.',
    });
  }
  const speed = precisions[asked];
  if (speed)
    return {
      precision: asked,
      why:
        speed === 'fast'
          ? 'asked for'
          : `asked for; slower than float32 on this ${device}, which has no instructions for it`,
    };
  throw new HeadstartError({
    code: 'not-supported',
    message: `The backend ${name} cannot compute in ${asked} (it can in: ${Object.keys(precisions).join(', ')}).`,
    hint: 'Choose another --precision, or leave it out.',
  });
}
