import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';
import { Event } from './event-messages.ts';
import { tfRecord } from './tf-record.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const text = (content: string) => Buffer.from(content, 'utf8');

describe('crc32c', () => {
  it.each([
    ['the digits, as every catalogue of checksums has them', text('123456789'), 0xe3069283],
    ['32 zeros (RFC 3720, B.4)', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes of ones (RFC 3720, B.4)', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['32 bytes counting up (RFC 3720, B.4)', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ])('is right for %s', (_what, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });
});

describe('a record', () => {
  // What TensorBoard 2.21's own RecordWriter writes.
  it.each([
    ['headstart', '090000000000000037f971396865616473746172748ede1cbb'],
    ['', '000000000000000029039807d8ea82a2'],
  ])('of "%s" is the one that TensorBoard writes', (content, expected) => {
    expect(hex(tfRecord(text(content)))).toBe(expected);
  });
});

describe('an event', () => {
  // What TensorBoard 2.21's event_pb2.Event serialises to.
  it('of a scalar has the bytes of TensorBoard', () => {
    const event = { wallTime: 1.5, step: 7, summary: { value: [{ tag: 'train/loss', simpleValue: 0.25 }] } };
    expect(hex(Event.encode(event).finish())).toBe('09000000000000f83f10072a130a110a0a747261696e2f6c6f7373150000803e');
  });

  it('of the version begins a file as TensorBoard begins it', () => {
    const event = Event.encode({ wallTime: 1.5, fileVersion: 'brain.Event:2' }).finish();
    expect(hex(tfRecord(event))).toBe(
      '1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c',
    );
  });
});
