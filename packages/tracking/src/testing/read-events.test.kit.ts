import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Event } from '../tensorboard/event-messages.ts';
import { tfRecord } from '../tensorboard/tf-record.ts';

export interface ReadEvent {
  readonly wallTime: number;
  readonly step?: number;
  readonly fileVersion?: string;
  readonly sessionLog?: { readonly status: number };
  readonly summary?: {
    readonly value: readonly {
      readonly tag: string;
      readonly simpleValue?: number;
      readonly metadata?: { readonly pluginData: { readonly pluginName: string; readonly content: Uint8Array } };
    }[];
  };
}

/** The events of each file in a run's folder, in the order in which TensorBoard reads the files; checksums are checked. */
export function readEventFiles(folder: string): ReadEvent[][] {
  return readdirSync(folder)
    .sort()
    .map((name) => eventsOf(readFileSync(join(folder, name))));
}

/** Every scalar of a file as `tag@step value`. */
export function scalarsOf(events: readonly ReadEvent[]): string[] {
  return events.flatMap(({ step, summary }) =>
    (summary?.value ?? []).flatMap(({ tag, simpleValue }) =>
      simpleValue === undefined ? [] : [`${tag}@${step} ${simpleValue}`],
    ),
  );
}

function eventsOf(bytes: Uint8Array): ReadEvent[] {
  const events: ReadEvent[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset + at).getBigUint64(0, true));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(Buffer.compare(tfRecord(data), bytes.subarray(at, at + 16 + length))).toBe(0);
    events.push(Event.toObject(Event.decode(data), { longs: Number }) as ReadEvent);
    at += 16 + length;
  }
  return events;
}
