/** Bytes of decoded pictures that are kept: two hundred and fifty of 416 x 416. */
const LIMIT = 128 * 2 ** 20;

/**
 * Keeps decoded pictures by their digest up to a limit, since a mosaic needs four, again and again. What comes
 * first stays: when pictures come round in turn, that finds more of them than to drop the one unused for longest.
 */
export class PictureCache<Picture extends { readonly data: Uint8Array }> {
  readonly #kept = new Map<string, Promise<Picture>>();
  #bytes = 0;

  /** @param size bytes that a picture takes */
  constructor(
    private readonly size: number,
    private readonly limit = LIMIT,
  ) {}

  /** The picture, read unless it is kept. It is shared: nobody may write to it. */
  get(digest: string, read: () => Promise<Picture>): Promise<Picture> {
    const found = this.#kept.get(digest);
    if (found) return found;
    const reading = read();
    if (this.#bytes + this.size <= this.limit) {
      this.#kept.set(digest, reading);
      this.#bytes += this.size;
      reading.catch(() => {
        this.#kept.delete(digest);
        this.#bytes -= this.size;
      });
    }
    return reading;
  }
}
