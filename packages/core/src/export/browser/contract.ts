/** What a model is asked about: a picture's file, a picture that the page holds, a text, or two texts to compare. */
export type PageInput = Blob | ArrayBuffer | Uint8Array | ImageBitmapSource | string | readonly [string, string];

/** A class and how sure the model is of it, 0 to 1. */
export interface LabelProbability {
  readonly label: string;
  readonly probability: number;
}

/** What a classifier says: the likeliest class, and up to five, the likeliest first. */
export interface ClassPrediction extends LabelProbability {
  /** Set where the model is not sure enough to answer, by its own rule: `label` is its likeliest guess then. */
  readonly abstained?: true;
  readonly top: readonly LabelProbability[];
}

/** What a classifier of several labels says: those whose probability reaches their threshold (one half, or the model's own), and up to five, the likeliest first. */
export interface LabelsPrediction {
  readonly labels: readonly LabelProbability[];
  readonly top: readonly LabelProbability[];
}

/** What a detector finds, the surest first. */
export interface ObjectsPrediction {
  readonly objects: readonly {
    readonly label: string;
    /** 0 to 1. */
    readonly score: number;
    /** `[left, top, width, height]` in pixels of the picture, its EXIF orientation applied. */
    readonly box: readonly [number, number, number, number];
  }[];
  /** Pixels of the picture. */
  readonly width: number;
  readonly height: number;
}

/** Numbers by name, one sample's (or a pair's) rows first: what a network takes and gives. */
export interface PageTensor {
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}
export type PageTensors = Readonly<Record<string, PageTensor>>;

/** What became of the input before the network saw it, for predictions in terms of it. */
export interface PageSample {
  /** Of pictures: pixels with the EXIF orientation applied, and where they lie in the network's input. */
  readonly picture?: {
    readonly width: number;
    readonly height: number;
    readonly frame?: {
      readonly across: number;
      readonly down: number;
      readonly left: number;
      readonly top: number;
      readonly width: number;
      readonly height: number;
    };
  };
}

/** The default export of an input's own module: makes what turns an input into the network's tensors. */
export type OpenInput = (context: {
  /** The input's description in headstart.json. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** A file beside headstart.json. @throws Error where there is none */
  file(name: string): Promise<Response>;
}) => Promise<(input: PageInput) => Promise<PageTensors>>;

/** The default export of an output's own module: makes what turns the network's tensors into a prediction. */
export type OpenOutput = (context: {
  /** The output's description in headstart.json. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly labels: readonly string[];
}) => (outputs: PageTensors, sample: PageSample) => unknown;

/** headstart.json: all that a page needs to know of a model. */
export interface PageCard {
  /** Of this file: 1. */
  readonly format: number;
  /** The version of @headstart/core that wrote it. */
  readonly headstart: string;
  readonly task: string;
  readonly labels: readonly string[];
  /** What the page asks for. */
  readonly accepts: 'picture' | 'text' | 'text-pair' | 'file';
  readonly model?: {
    readonly runtime: 'tfjs' | 'onnx';
    /** The model's file beside this one. */
    readonly path: string;
    /** What the file calls the input's tensors, where that is not what the input calls them. */
    readonly inputs?: Readonly<Record<string, string>>;
  };
  readonly input: { readonly kind: string } & Readonly<Record<string, unknown>>;
  readonly output: { readonly kind: string; readonly tensors: readonly string[] } & Readonly<Record<string, unknown>>;
}

export interface LoadOptions {
  /** The address of headstart.json; the one beside predict.js where absent. */
  readonly card?: string | URL;
  /** The runtime library as a module, such as `await import('@tensorflow/tfjs')`; the one in `runtime/` where absent. */
  readonly runtime?: object;
  /** TensorFlow.js only: the backend to run on; the best that works here where absent. */
  readonly backend?: 'webgl' | 'wasm' | 'cpu';
  /** Another model file than headstart.json names, such as `onnx/model_quantized.onnx`. */
  readonly model?: string;
}

/** A model, ready to predict. */
export interface PageModel<Prediction = ClassPrediction | LabelsPrediction | ObjectsPrediction> {
  readonly card: PageCard;
  readonly labels: readonly string[];
  /** What computes: `webgl`, `wasm`, `cpu`, `onnx` or `server`. */
  readonly backend: string;
  /** @throws PageError `input-unreadable` for what is no picture or an empty text; `model-failed` */
  predict(input: PageInput): Promise<Prediction>;
  dispose(): void;
}

/** What went wrong, by a stable code, and what to do. */
export interface PageError extends Error {
  readonly code:
    | 'input-unreadable'
    | 'file-missing'
    | 'card-invalid'
    | 'runtime-missing'
    | 'runtime-failed'
    | 'model-failed'
    | 'server-failed';
  readonly hint: string;
}

/** Loads the model of an exported folder. @throws PageError */
export declare function load<Prediction = ClassPrediction | LabelsPrediction | ObjectsPrediction>(
  options?: LoadOptions,
): Promise<PageModel<Prediction>>;
