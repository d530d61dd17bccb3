import type { RunEvents } from '../runs/events.ts';

/** Calls every handler of an event, one after the other, and waits for each. */
export class EventBus {
  constructor(private readonly handlers: readonly Partial<RunEvents>[]) {}

  async emit<Name extends keyof RunEvents>(name: Name, ...args: Parameters<RunEvents[Name]>): Promise<unknown[]> {
    const results: unknown[] = [];
    for (const handler of this.handlers) {
      const handle = handler[name] as ((...args: Parameters<RunEvents[Name]>) => unknown) | undefined;
      if (handle) results.push(await handle.apply(handler, args));
    }
    return results;
  }
}

/** Emits each warning once. */
export function warningOnce(events: EventBus): (message: string) => Promise<void> {
  const warned = new Set<string>();
  return async (message) => {
    if (warned.has(message)) return;
    warned.add(message);
    await events.emit('warning', message);
  };
}
