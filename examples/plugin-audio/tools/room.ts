import type { RandomStream } from '@headstart/core';
import type { Sound } from '../src/wav/read-wav.ts';

/** A word as a microphone would record it: at a random loudness, in a room that echoes, with its noise. */
export function recorded({ rate, samples }: Sound, random: RandomStream): Float32Array {
  const decay = random.uniform(0.01, 0.06) * rate;
  const echo = random.uniform(0, 0.4);
  const taps = Array.from({ length: 24 }, () => {
    const delay = Math.round(random.uniform(0.001, 0.12) * rate);
    return { delay, gain: (echo * random.normal() * Math.exp(-delay / decay)) / 2 };
  });
  const level = random.uniform(0.1, 0.8) / samples.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  const noise = level * 10 ** random.uniform(-3.5, -1.5);
  const colour = random.uniform(0, 0.95);
  let low = 0;
  return samples.map((value, i) => {
    low = colour * low + (1 - colour) * random.normal();
    const echoes = taps.reduce((sum, { delay, gain }) => sum + gain * (samples[i - delay] ?? 0), 0);
    return level * (value + echoes) + noise * low;
  });
}
