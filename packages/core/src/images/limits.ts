/**
 * The most pixels a picture may have, 16,383 x 16,383 = 268,402,689: above the sensors of today's
 * cameras (200 megapixels), below what a small file can claim to unpack to.
 */
export const MAX_PIXELS = 16_383 * 16_383;

/** The largest picture file, in bytes. A file is held in memory while it is decoded. */
export const MAX_FILE_BYTES = 512 * 2 ** 20;
