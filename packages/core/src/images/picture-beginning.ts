import { openToRead } from '@headstart/artifacts/storage';

/** What files of the common formats begin with: JPEG, PNG, GIF, WebP, BMP, TIFF. */
const BEGINNINGS = /^(?:\xff\xd8\xff|\x89PNG\r\n|GIF8[79]a|RIFF[^]{4}WEBP|BM[^]{4}\0\0\0\0|II\*\0|MM\0\*)/;
const LENGTH = 16;

/** Whether a file begins as pictures of the common formats do. */
export async function beginsAsPicture(path: string): Promise<boolean> {
  try {
    await using file = await openToRead(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LENGTH), 0, LENGTH, 0);
    return BEGINNINGS.test(buffer.toString('latin1', 0, bytesRead));
  } catch {
    return false; // reading gives the reason
  }
}
