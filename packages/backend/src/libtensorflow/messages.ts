import type { CApi, Pointer } from './c-api.ts';

/** A copy of the bytes that a `TF_Buffer` holds: struct TF_Buffer { const void* data; size_t length; … }. */
export function readBuffer(api: CApi, buffer: Pointer): Uint8Array {
  const words = new BigUint64Array(2);
  api.memcpy(words, buffer, words.byteLength);
  const bytes = new Uint8Array(Number(words[1]));
  if (bytes.length > 0) api.memcpy(bytes, words[0]!, bytes.length);
  return bytes;
}

/** A field of a protocol buffers message: a number, or the bytes of whatever is nested. */
export interface MessageField {
  readonly field: number;
  readonly value: number | Uint8Array;
}

/** The fields of a protocol buffers message in the order in which they stand. @throws RangeError for bytes that are none */
export function* fieldsOf(bytes: Uint8Array): Generator<MessageField> {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('a protocol buffers message ends in the middle of a number');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const key = varint();
    const field = Math.floor(key / 8);
    const wireType = key % 8;
    if (wireType === 0) yield { field, value: varint() };
    else if (wireType === 1) yield { field, value: take(8) };
    else if (wireType === 2) yield { field, value: take(varint()) };
    else if (wireType === 5) yield { field, value: take(4) };
    else throw new RangeError(`a protocol buffers message has the unknown wire type ${wireType}`);
  }
}
