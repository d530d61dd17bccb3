/** Why cases fall short. */
const WHY = {
  boxes: 'what is wrong with the boxes or their file is not said',
  folders: 'folders named train_images and test_images are taken for classes',
} as const;

/** Cases that are neither read right nor refused clearly yet, and why: the list may only shrink. */
export const KNOWN_GAPS: Readonly<Record<string, string>> = {
  'splits-train_images-test_images': WHY.folders,
  'yolo-as-corners': WHY.boxes,
  'coco-two-files': WHY.boxes,
  'coco-broken': WHY.boxes,
  'coco-no-annotations-key': WHY.boxes,
};
