import sharp from 'sharp';

/** Draws the n-th picture: a square on a ground, in colours and a place of its own, so that no two are alike. */
export async function drawPicture(
  n: number,
  { format, width, height }: { format: 'png' | 'jpeg'; width: number; height: number },
): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  const [left, top] = [(n * 7) % width, (n * 3) % height];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const inSquare = Math.abs(x - left) < 6 && Math.abs(y - top) < 6;
      const colour = inSquare
        ? [(n * 37) % 256, (n * 91) % 256, (n * 53) % 256]
        : [200, n % 256, Math.floor(n / 256) * 40];
      pixels.set(colour, (y * width + x) * 3);
    }
  const image = sharp(pixels, { raw: { width, height, channels: 3 } });
  return format === 'jpeg' ? image.jpeg().toBuffer() : image.png().toBuffer();
}
