import { HeadstartError } from '@headstart/artifacts/errors';

/** Whose a thing is: the plugin that brought it and what it is there, such as `source "tone-net", stage "low"`. */
export interface Owner {
  readonly plugin: string;
  readonly part: string;
}

const owners = new WeakMap<object, Owner>();

/** The owner of a part of another's part. */
export function within({ plugin, part }: Owner, kind: string, name: string): Owner {
  return { plugin, part: `${part}, ${kind} "${name}"` };
}

/** Notes whose a thing is. */
export function own<T extends object>(thing: T, owner: Owner): T {
  owners.set(thing, owner);
  return thing;
}

/** Whose a thing is; undefined for one that no plugin registered. */
export function ownerOf(thing: object): Owner | undefined {
  return owners.get(thing);
}

/** A thing that goes by an id, or by a name. */
export type Named = { readonly id: string } | { readonly name: string };

/** Whose a thing is, or what it was made of with some members replaced (`withMembers`). */
function ownerBehind(thing: object): Owner | undefined {
  for (let at: object | null = thing; at; at = Object.getPrototypeOf(at) as object | null) {
    const owner = owners.get(at);
    if (owner) return owner;
  }
  return undefined;
}

/** Names a thing with its plugin for messages: `Plugin "x", task "y"`; `The task "y"` where no plugin registered it. */
export function named(kind: string, thing: Named): string {
  const owner = ownerBehind(thing);
  return owner ? inFull(owner) : `The ${kind} "${'id' in thing ? thing.id : thing.name}"`;
}

/** What a part of a plugin did that it may not: the error names both. */
export function pluginFailed(owner: Owner, what: string, cause?: unknown): HeadstartError {
  return brokenContract(inFull(owner), what, `Update ${owner.plugin}, leave it out, or tell its author.`, cause);
}

/** The same of a thing that perhaps no plugin registered. */
export function contractBroken(kind: string, thing: Named, what: string): HeadstartError {
  const owner = ownerBehind(thing);
  return owner
    ? pluginFailed(owner, what)
    : brokenContract(named(kind, thing), what, `Mend the ${kind}, or choose another.`);
}

function brokenContract(who: string, what: string, hint: string, cause?: unknown): HeadstartError {
  return new HeadstartError({ code: 'plugin-failed', message: `${who}: ${what}`, hint, cause });
}

function inFull({ plugin, part }: Owner): string {
  return `Plugin "${plugin}", ${part}`;
}
