import type { ExplainRequest } from '@headstart/core';
import { gradCam, heatAt } from '@headstart/core/network';
import type { AudioSample } from '../clips/audio-sample.ts';
import { encodePng } from './png.ts';

/** Pixels along each side of a spectrogram's cell. */
const CELL = 8;

/**
 * A PNG of the clip's spectrogram, time from left to right and frequency upwards: grey where there is sound, red where it
 * speaks for the class (Grad-CAM).
 * @throws HeadstartError `not-supported`, `sample-unreadable`
 */
export async function explainClip(request: ExplainRequest<AudioSample>): Promise<Uint8Array> {
  const { sample, backbone, head, encoder, label } = request;
  const inputs = await encoder.encode(sample, { kind: 'plain' });
  const heat = await gradCam({ backbone, head, inputs, specs: encoder.inputs, label });
  const [frames, mels] = encoder.inputs['spectrogram']!.shape as [number, number];
  const [width, height] = [CELL * frames, CELL * mels];
  const pixels = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [frame, mel] = [Math.floor(x / CELL), mels - 1 - Math.floor(y / CELL)];
      const grey = 127.5 * (1 + inputs['spectrogram']![frame * mels + mel]!);
      // The network's map is [time, frequency], low frequencies first.
      const red = heatAt(heat, 1 - (y + 0.5) / height, (x + 0.5) / width);
      pixels.set([grey + (255 - grey) * red, grey * (1 - 0.7 * red), grey * (1 - 0.7 * red)], 3 * (y * width + x));
    }
  }
  return encodePng(width, height, pixels);
}
