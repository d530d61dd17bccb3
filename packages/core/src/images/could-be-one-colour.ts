/**
 * Whether a file is small enough to be a picture of one colour, by its header and the bytes that its pixels take. The most
 * that one colour takes is derived per format, with room to spare for a few pixels that differ and do not show;
 * headers and metadata do not count. True for whatever cannot be told so: formats without compression, transparency
 * (what it hides may be anything), and rare ones.
 */
export function couldBeOneColour(bytes: Buffer): boolean {
  if (bytes.length < 30) return true;
  if (bytes.readUInt16BE(0) === 0xffd8) return jpegCould(bytes);
  if (bytes.readUInt32BE(0) === 0x89504e47) return pngCould(bytes);
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return webpCould(bytes);
  return true;
}

/** Bytes for what stands before and between the parts of the pixels' data. */
const SPARE = 160;
/** As many for the scans of a progressive JPEG: ten or so, each with a table of its own. */
const SPARE_FOR_SCANS = 640;

const JPEG_END = Buffer.from([0xff, 0xd9]);

/**
 * JPEG codes blocks of 8 x 8 (ITU T.81). A block like the one before takes 6 bits by the tables of annex K, "no difference"
 * in 2 and "end of block" in 4, and no more by tables that fit the picture: a byte is allowed. What follows the picture's end
 * does not count.
 */
function jpegCould(bytes: Buffer): boolean {
  let most = 0;
  for (let at = 2; at + 10 <= bytes.length; ) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff) return true;
    if (isFrame(marker)) most = blocksOf(bytes, at) + ((marker & 3) === 2 ? SPARE_FOR_SCANS : SPARE);
    if (marker === 0xda) return most === 0 || bytes.subarray(at, at + most).includes(JPEG_END);
    // Bytes may fill up the space before a marker.
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return true;
}

/** Whether a marker begins a frame (B.1.1.3): those among them that do not are DHT, JPG and DAC. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** The blocks of all components by a frame's header (B.2.2). */
function blocksOf(bytes: Buffer, at: number): number {
  const [height, width, components] = [bytes.readUInt16BE(at + 5), bytes.readUInt16BE(at + 7), bytes[at + 9]!];
  const factors = Array.from({ length: components }, (_, i) => bytes[at + 11 + 3 * i] ?? 0x11);
  const across = Math.max(...factors.map((factor) => factor >> 4));
  const down = Math.max(...factors.map((factor) => factor & 15));
  const inUnit = factors.reduce((sum, factor) => sum + (factor >> 4) * (factor & 15), 0);
  return Math.ceil(width / (8 * across)) * Math.ceil(height / (8 * down)) * inUnit;
}

/** Bits of a pixel by PNG's colour types without transparency, as multiples of the depth. */
const PNG_CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1 };

/**
 * PNG packs rows by Deflate (RFC 1951), each behind a filter that may change from row to row. A run of 258 bytes takes 13 bits by its
 * fixed codes, a row's beginning a few bytes. Data that are stored as they are tell nothing.
 */
function pngCould(bytes: Buffer): boolean {
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const channels = PNG_CHANNELS[bytes[25]!];
  if (channels === undefined) return true;
  const row = Math.ceil((width * bytes[24]! * channels) / 8) + 1;
  let packed = 0;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    if (kind === 'tRNS') return true;
    // After two bytes of zlib, the first block's kind stands above its lowest bit: 0 for stored.
    if (kind === 'IDAT' && packed === 0 && (length < 3 || ((bytes[at + 10]! >> 1) & 3) === 0)) return true;
    if (kind === 'IDAT') packed += length;
    if (kind === 'IEND') break;
    at += 12 + length;
  }
  return packed <= (row * height) / 64 + 32 * height + SPARE;
}

/**
 * WebP takes less than a byte for each 16 x 16 pixels by its lossy coding (RFC 6386) at low quality, and up to 3 at the highest;
 * next to nothing by the lossless one (RFC 9649).
 */
function webpCould(bytes: Buffer): boolean {
  for (let at = 12; at + 18 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    const data = at + 8;
    switch (bytes.toString('latin1', at, at + 4)) {
      case 'VP8X':
        if ((bytes[data]! & 0b0001_0010) !== 0) return true; // transparent, or a film
        break;
      case 'VP8 ': {
        const pixels = (bytes.readUInt16LE(data + 6) & 0x3fff) * (bytes.readUInt16LE(data + 8) & 0x3fff);
        return length <= pixels / 64 + SPARE;
      }
      case 'VP8L': {
        const header = bytes.readUInt32LE(data + 1);
        if (((header >>> 28) & 1) === 1) return true; // transparent
        return length <= (((header & 0x3fff) + 1) * (((header >>> 14) & 0x3fff) + 1)) / 64 + SPARE;
      }
    }
    at = data + length + (length & 1);
  }
  return true;
}
