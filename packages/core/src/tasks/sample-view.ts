import type { ImageLocation } from '../images/image.ts';

/** What people see of a sample: what an inspection shows and looks at. */
export interface SampleView {
  /** Its text; both texts of a pair. */
  readonly texts?: readonly string[];
  /** Set where the network reads the texts of a pair one by one. */
  readonly apart?: boolean;
  readonly picture?: PictureView;
}

/** A picture that has not been decoded. */
export interface PictureView {
  readonly image: ImageLocation;
  /** Set where its EXIF orientation is not to be applied. */
  readonly asStored?: boolean;
  /** Of the pixels that the boxes lie in; absent where there are none. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Where the sample's `objects` are, in their order: `[left, top, width, height]` in pixels. */
  readonly boxes?: readonly (readonly [left: number, top: number, width: number, height: number])[];
}
