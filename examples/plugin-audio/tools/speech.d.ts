declare module '@echogarden/espeak-ng-emscripten' {
  interface Worker {
    readonly samplerate: number;
    set_voice(name: string, language: string, gender: number, age: number, variant: number): number;
    set_rate(wordsPerMinute: number): void;
    set_pitch(percent: number): void;
    set_range(percent: number): void;
    /** The callback's true ends it. */
    synthesize(text: string, part: (samples: Int16Array | undefined) => boolean): void;
  }
  export default function load(): Promise<{ readonly eSpeakNGWorker: new () => Worker }>;
}
