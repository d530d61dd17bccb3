import { describe, expect, it } from 'vitest';
import type { Sample } from '../domains/target-domain.ts';
import type { Encoder, View } from './encoder.ts';
import { keepingEncodings } from './encoding-cache.ts';
import { GROUP, withGroups } from './group-batches.ts';
import { withoutTargets } from './without-targets.ts';
import { wrapEncoder } from './wrap-encoder.ts';

const PLAIN: View = { kind: 'plain' };
const sample: Sample = { id: 'a', digest: 'a', label: 3 };

/** As a third party's: state in private fields, a getter, and members of its own. */
class CountingEncoder implements Encoder {
  readonly targets = { label: { shape: [], dtype: 'int32' } } as const;
  readonly brand = Symbol.for('counting');
  #encoded = 0;

  get key(): string {
    return `counting/${this.#version}`;
  }

  get #version(): number {
    return 1;
  }

  get inputs() {
    return { x: { shape: [1], dtype: 'float32' } } as const;
  }

  encode(): Promise<{ x: Float32Array }> {
    return Promise.resolve({ x: Float32Array.of(this.#counted()) });
  }

  #counted(): number {
    return ++this.#encoded;
  }

  target({ label }: Sample) {
    return { label: Int32Array.of(label ?? -1) };
  }

  mix(batch: never): never {
    return batch;
  }

  /** Unknown to core. */
  seen(): number {
    return this.#encoded;
  }
}

class Derived extends CountingEncoder {
  override seen(): number {
    return 100 + super.seen();
  }
}

describe('wrapEncoder', () => {
  it('keeps class, private state and members that core does not know of', async () => {
    const encoder = new Derived();
    const wrapped = wrapEncoder(wrapEncoder(encoder, {}), {}) as Derived;
    expect(wrapped).toBeInstanceOf(Derived);
    expect(wrapped).toBeInstanceOf(CountingEncoder);
    expect(wrapped.constructor).toBe(Derived);
    expect([wrapped.key, wrapped.inputs, wrapped.brand]).toEqual([
      'counting/1',
      encoder.inputs,
      Symbol.for('counting'),
    ]);
    expect(await wrapped.encode()).toEqual({ x: Float32Array.of(1) });
    expect([wrapped.seen(), encoder.seen()]).toEqual([101, 101]);
  });

  it('replaces and takes away members of the wrapped one only', () => {
    const encoder = new CountingEncoder();
    const wrapped = wrapEncoder(encoder, { mix: undefined, rows: 2, target: () => ({ label: Int32Array.of(7) }) });
    expect(wrapped).toMatchObject({ mix: undefined, rows: 2 });
    expect(wrapped.target(sample, PLAIN)).toEqual({ label: Int32Array.of(7) });
    expect(['mix' in encoder, 'rows' in encoder]).toEqual([true, false]);
    expect(encoder.target(sample)).toEqual({ label: Int32Array.of(3) });
  });

  it('wraps an object that nobody may alter, and says only what the encoder has', () => {
    const encoder = Object.freeze<Encoder>({
      key: 'k',
      inputs: {},
      targets: {},
      encode: () => Promise.resolve({}),
      target: () => ({}),
    });
    const wrapped = wrapEncoder(encoder, { key: 'other' });
    expect([wrapped.key, 'fit' in wrapped]).toEqual(['other', false]);
    expect(Object.keys({ ...wrapped }).sort()).toEqual(Object.keys(encoder).sort());
  });
});

it('keeps the class of an encoder that groups samples and keeps their encodings', async () => {
  const encoder = new CountingEncoder();
  const wrapped = keepingEncodings(withGroups(encoder)) as CountingEncoder & Encoder;
  expect(wrapped).toBeInstanceOf(CountingEncoder);
  for (let i = 0; i < 2; i++)
    expect(await (wrapped as Encoder).encode(sample, PLAIN)).toEqual({ x: Float32Array.of(1) });
  expect(wrapped.seen()).toBe(1);
  expect((wrapped as Encoder).target(sample, PLAIN)[GROUP]).toEqual(Int32Array.of(3));
  expect(wrapped).toMatchObject({ mix: undefined });
});

it('looks at no truth where samples are to have none', () => {
  const wrapped = withoutTargets(new CountingEncoder());
  expect(wrapped).toBeInstanceOf(CountingEncoder);
  expect([wrapped.targets, wrapped.target(sample, PLAIN)]).toEqual([{}, {}]);
  expect(wrapped).toMatchObject({ mix: undefined });
});
