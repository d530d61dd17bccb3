/** Where a picture's bytes are: a file of its own, or one picture of an IDX file (LeCun's MNIST format). */
export type ImageLocation =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'idx';
      readonly path: string;
      readonly offset: number;
      readonly height: number;
      readonly width: number;
    };

/** A picture and the name that messages call it by. */
export interface LocatedImage {
  readonly id: string;
  readonly image: ImageLocation;
}
