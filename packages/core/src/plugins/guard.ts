import { HeadstartError } from '@headstart/artifacts/errors';
import { own, ownerOf, pluginFailed, type Owner } from './owner.ts';

/** What becomes of what a plugin's object gives, by the name of the member. Functions may throw to refuse it. */
export interface Crossings {
  /** Of the results of its methods; of a promise, once it is kept. */
  readonly results?: Readonly<Record<string, (result: never, args: never) => unknown>>;
  /** Of its other members. */
  readonly values?: Readonly<Record<string, (value: never) => unknown>>;
}

/**
 * A plugin's object as the rest of core sees it: every method reports what it throws as `plugin-failed` with the
 * plugin and the part, and keeps it as the cause; a HeadstartError passes as it is. Methods run on the original (so
 * that its private fields are there), members that nobody knows are handed through, and `instanceof` holds.
 *
 * An object that is guarded already stays whose it is.
 */
export function guard<T extends object>(original: T, owner: Owner, crossings: Crossings = {}): T {
  if (ownerOf(original)) return original;
  const guarded = Object.create(original) as T;
  for (const [key, enumerable] of membersOf(original)) {
    const crossed = crossing(original, key, owner, crossings);
    const set = (value: unknown) => void Reflect.set(original, key, value);
    Object.defineProperty(guarded, key, { enumerable, configurable: true, get: crossed, set });
  }
  return own(guarded, owner);
}

/** The names of an object's members and of what it inherits, and whether each is its own and enumerable. */
function membersOf(original: object): Map<PropertyKey, boolean> {
  const members = new Map<PropertyKey, boolean>();
  for (
    let holder: object | null = original;
    holder !== null && holder !== Object.prototype;
    holder = Object.getPrototypeOf(holder) as object | null
  ) {
    for (const key of Reflect.ownKeys(holder)) {
      if (key === 'constructor' || members.has(key)) continue;
      const enumerable = holder === original && Object.prototype.propertyIsEnumerable.call(holder, key);
      members.set(key, enumerable);
    }
  }
  return members;
}

/** Reads a member; what it has become is made once for as long as the member stays the same. */
function crossing(original: object, key: PropertyKey, owner: Owner, { results, values }: Crossings): () => unknown {
  const name = String(key);
  let last: { readonly raw: unknown; readonly crossed: unknown } | undefined;
  return () => {
    const raw: unknown = Reflect.get(original, key, original);
    if (last && last.raw === raw) return last.crossed;
    const result = results?.[name] as ((result: unknown, args: unknown[]) => unknown) | undefined;
    const value = values?.[name] as ((value: unknown) => unknown) | undefined;
    const crossed =
      typeof raw === 'function' ? guardCall(raw as AnyFunction, owner, result, original) : value ? value(raw) : raw;
    last = { raw, crossed };
    return crossed;
  };
}

type AnyFunction = (...args: never[]) => unknown;

/** A function that reports what it throws as its owner's. */
export function guardCall<F extends AnyFunction>(
  call: F,
  owner: Owner,
  crossed: (result: never, args: never) => unknown = (result) => result,
  self?: object,
): F {
  const finish = crossed as (result: unknown, args: unknown) => unknown;
  const ofPlugin = (error: unknown) => reported(error, owner);
  return ((...args: never[]) => {
    try {
      const result = call.apply(self, args);
      if (!isPromise(result)) return finish(result, args);
      return result
        .then((kept) => finish(kept, args))
        .catch((error: unknown) => {
          throw ofPlugin(error);
        });
    } catch (error) {
      throw ofPlugin(error);
    }
  }) as F;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

const MISSING_KERNEL = /^Kernel '\w+' not registered/;

/** Whether an error says that the backend lacks a kernel, which is no fault of the plugin that asked for it. */
export function isMissingKernel(error: unknown): boolean {
  return error instanceof Error && MISSING_KERNEL.test(error.message);
}

function reported(error: unknown, owner: Owner): unknown {
  if (HeadstartError.is(error) || isMissingKernel(error)) return error;
  return pluginFailed(owner, error instanceof Error ? error.message || error.name : String(error), error);
}
