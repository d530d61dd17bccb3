import { describe, expect, it } from 'vitest';
import { HeadstartError } from '@headstart/artifacts/errors';
import { guard } from './guard.ts';
import { named, ownerOf } from './owner.ts';

const owner = { plugin: 'tones', part: 'reader "folders"' };

/** With private fields, an accessor, inheritance, and members that no contract names. */
class Base {
  #count = 0;
  step = 1;

  get count(): number {
    return this.#count;
  }

  add(): this {
    this.#count += this.step;
    return this;
  }
}
class Counter extends Base {
  readonly id = 'folders';
  readonly extra = { of: 'its own' };

  fail(): never {
    throw new TypeError('out of order');
  }

  async failLater(): Promise<never> {
    throw new TypeError('out of order later');
  }
}

describe('a guarded object', () => {
  it('works on the original: private fields, accessors, inherited methods, unknown members', () => {
    const original = new Counter();
    const guarded = guard(original, owner);
    expect(guarded).toBeInstanceOf(Counter);
    expect(guarded).toBeInstanceOf(Base);
    guarded.step = 2;
    guarded.add();
    guarded.add();
    expect([guarded.count, original.count, original.step]).toEqual([4, 4, 2]);
    expect(guarded.extra).toBe(original.extra);
    const adding = (of: Counter): unknown => Reflect.get(of, 'add');
    expect(adding(guarded)).toBe(adding(guarded));
    expect(Object.keys(guarded)).toEqual(Object.keys(original));
    expect({ ...guarded }).toEqual({ id: 'folders', extra: { of: 'its own' }, step: 2 });
  });

  it('takes a frozen original, and one without a prototype', () => {
    expect(guard(Object.freeze({ id: 'a', give: () => 1 }), owner).give()).toBe(1);
    expect(guard(Object.assign(Object.create(null) as object, { give: () => 1 }), owner).give()).toBe(1);
  });

  it('reports what is thrown with plugin and part, and keeps the cause', async () => {
    const guarded = guard(new Counter(), owner);
    const expected = (message: string) =>
      expect.objectContaining({
        code: 'plugin-failed',
        message: `Plugin "tones", reader "folders": ${message}`,
        hint: 'Update tones, leave it out, or tell its author.',
        cause: expect.any(TypeError) as unknown,
      }) as unknown;
    const thrown = (() => {
      try {
        return guarded.fail();
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toEqual(expected('out of order'));
    expect(await guarded.failLater().catch((error: unknown) => error)).toEqual(expected('out of order later'));
  });

  it("lets Headstart's own errors pass, and those of a kernel that the backend lacks", () => {
    const own = new HeadstartError({ code: 'target-empty', message: 'm', hint: 'h' });
    const kernel = new Error("Kernel 'Erf' not registered for backend 'wasm'");
    for (const error of [own, kernel]) {
      const guarded = guard(
        {
          read() {
            throw error;
          },
        },
        owner,
      );
      expect(() => guarded.read()).toThrow(error);
    }
  });

  it('hands results and members through what is to become of them, once for each value', async () => {
    let made = 0;
    const part = { id: 'part' };
    const guarded = guard({ give: () => 2, later: async () => 3, part }, owner, {
      results: { give: (value: number, args: unknown[]) => value * 10 + args.length, later: (value: number) => -value },
      values: { part: (value: typeof part) => ({ ...value, made: ++made }) },
    });
    expect((guarded.give as (...args: unknown[]) => number)('a', 'b')).toBe(22);
    expect(await guarded.later()).toBe(-3);
    expect(guarded.part).toBe(guarded.part);
    expect(made).toBe(1);
  });

  it('stays whose it is, and is named with its plugin', () => {
    const guarded = guard(new Counter(), owner);
    expect(guard(guarded, { plugin: 'other', part: 'task "x"' })).toBe(guarded);
    expect(ownerOf(guarded)).toBe(owner);
    expect(named('reader', guarded)).toBe('Plugin "tones", reader "folders"');
    expect(named('reader', new Counter())).toBe('The reader "folders"');
  });
});
