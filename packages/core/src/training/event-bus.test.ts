import { describe, expect, it } from 'vitest';
import { EventBus } from './event-bus.ts';
import type { RunEvents } from '../runs/events.ts';

describe('EventBus', () => {
  it('calls handlers in order, waits for each, keeps their object and gathers their answers', async () => {
    const calls: string[] = [];
    class Slow implements Partial<RunEvents> {
      #name = 'slow';
      async epochEnd() {
        calls.push(`${this.#name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 5));
        calls.push(`${this.#name} ends`);
        return 'stop' as const;
      }
    }
    const bus = new EventBus([
      new Slow(),
      { warning: () => void calls.push('not asked') },
      { epochEnd: () => void calls.push('second') },
    ]);
    expect(await bus.emit('epochEnd', {} as never, [])).toEqual(['stop', undefined]);
    expect(calls).toEqual(['slow begins', 'slow ends', 'second']);
  });

  it('ends with the first handler that fails', async () => {
    const calls: string[] = [];
    const bus = new EventBus([
      { warning: () => Promise.reject(new Error('no')) },
      { warning: () => void calls.push('never') },
    ]);
    await expect(bus.emit('warning', 'x')).rejects.toThrow('no');
    expect(calls).toEqual([]);
  });
});
