import { definePlugin } from '@headstart/core';
import { boxTable } from './annotations/box-table.ts';
import { createMl } from './annotations/createml.ts';
import { cvatXml } from './annotations/cvat-xml.ts';
import { kitti } from './annotations/kitti.ts';
import { labelStudio } from './annotations/label-studio.ts';
import { labelme } from './annotations/labelme.ts';
import { metadataBoxes } from './annotations/metadata-boxes.ts';
import { supervisely } from './annotations/supervisely.ts';
import { via } from './annotations/via.ts';
import { SCENE_VENDORS } from './datasets/emoji-pictures.ts';
import { emojiScenes } from './datasets/emoji-scenes.ts';
import { detectionFormat } from './metrics/detection-format.ts';
import { cocoJson } from './readers/coco-json.ts';
import { pascalVoc } from './readers/pascal-voc.ts';
import { yoloFolder } from './readers/yolo-folder.ts';
import { CLASSIFIER, efficientNetLite0Fpn } from './sources/efficientnet-lite0-fpn.ts';
import { nanoDetCoco } from './sources/nanodet-coco.ts';
import { tuneHead } from './strategies/tune-head.ts';
import { heatMapDetection, objectDetection } from './task/object-detection.ts';
import { VERSION } from './version.ts';

/** The plugin: object detection with its readers, data sets, sources and task. */
export const detection = definePlugin({
  name: '@headstart/detection',
  version: VERSION,
  headstart: '^0.1',
  setup(context) {
    context.sources.add(nanoDetCoco);
    context.sources.add(efficientNetLite0Fpn(context.sources.find(CLASSIFIER)));
    context.readers.add(cocoJson);
    context.readers.add(yoloFolder);
    context.readers.add(pascalVoc);
    for (const reader of [cvatXml, labelStudio, labelme, via, createMl, supervisely, kitti, metadataBoxes, boxTable])
      context.readers.add(reader);
    for (const vendor of SCENE_VENDORS) context.datasets.add(emojiScenes(vendor));
    context.tasks.add(objectDetection());
    context.tasks.add(heatMapDetection());
    context.strategies.add(tuneHead);
    context.metrics.addKind('detections', detectionFormat);
  },
});
