import type { KnownPackage } from './package-offer.ts';

const CHAT_LANGUAGES = [
  'chinese',
  'dutch',
  'english',
  'italian',
  'japanese',
  'korean',
  'persian',
  'spanish',
  'traditional-chinese',
  'ukrainian',
];
const EMOJI_VENDORS = ['google', 'twitter', 'apple', 'facebook'];

/**
 * The domain packages of Headstart and what each brings: what is asked for without its package being there is answered from
 * here. A test holds it to the packages' manifests.
 */
export const KNOWN_PACKAGES: readonly KnownPackage[] = [
  {
    name: '@headstart/vision',
    modalities: ['image'],
    files: '.jpg .jpeg .jpe .jfif .png .webp .gif .avif .tif .tiff .svg .heic .heif'.split(' '),
    brings: {
      sources: ['efficientnet-lite0', 'small-cnn'],
      schemes: ['small-cnn', 'tfjs'],
      readers: ['image-folder', 'image-csv'],
      datasets: [
        ...EMOJI_VENDORS.map((vendor) => `emoji-${vendor}`),
        ...['color', 'flat', 'contrast'].map((style) => `emoji-fluent-${style}`),
        'emoji-openmoji',
        'mnist',
        'textile-defects',
      ],
      tasks: ['image-classification', 'multi-label-image-classification'],
    },
  },
  {
    name: '@headstart/nlp',
    modalities: ['text'],
    files: '.txt .csv .tsv .jsonl .ndjson .parquet'.split(' '),
    brings: {
      sources: ['minilm-l6', 'e5-small', 'use-lite', 'word-vectors', 'text-cnn'],
      schemes: ['minilm-l6', 'e5-small', 'text-cnn', 'encoder', 'vectors', 'transformers'],
      readers: ['text-table', 'text-pairs', 'text-folder'],
      datasets: [
        ...['amazon', 'imdb', 'yelp', 'chinese', 'chinese-all'].map((what) => `sentiment-${what}`),
        ...CHAT_LANGUAGES.map((language) => `chat-${language}`),
        'spam-assassin',
        'spam-sms',
        'news-bbc',
      ],
      tasks: [
        'text-classification',
        'sentiment-analysis',
        'multi-label-classification',
        'text-similarity',
        'text-embedding',
      ],
      exporters: ['onnx'],
    },
  },
  {
    name: '@headstart/detection',
    modalities: ['image'],
    files: '.json .yaml .yml .xml'.split(' '),
    layouts: [
      {
        what: 'boxes of objects as COCO lays them out',
        endings: ['.json'],
        begins: [/^\uFEFF?\s*\{/, /"(images|annotations|categories)"\s*:\s*\[\s*(\{|\])/],
      },
      {
        what: 'boxes of objects as YOLO lays them out',
        endings: ['.yaml', '.yml'],
        begins: [/^\s*["']?names["']?\s*:/m, /^\s*["']?train["']?\s*:/m],
      },
      {
        what: 'boxes of objects as Pascal VOC lays them out',
        endings: ['.xml'],
        begins: [/<annotation[\s>]/],
      },
      {
        what: 'boxes of objects as CVAT lays them out',
        endings: ['.xml'],
        begins: [/<annotations[\s>]/, /<(meta|image)[\s>]/],
      },
      {
        what: 'boxes of objects as Label Studio lays them out',
        endings: ['.json'],
        begins: [/"(rectangle|polygon|ellipse)(labels)?"/, /"original_width"\s*:/],
      },
      {
        what: 'boxes of objects as labelme lays them out',
        endings: ['.json'],
        begins: [/"shapes"\s*:\s*\[/, /"image(Path|Data)"\s*:/],
      },
      {
        what: 'boxes of objects as the VGG Image Annotator lays them out',
        endings: ['.json'],
        begins: [/"(regions|_via_img_metadata)"\s*:/, /"filename"\s*:/],
      },
      {
        what: 'boxes of objects as Create ML lays them out',
        endings: ['.json'],
        begins: [/"coordinates"\s*:\s*\{/, /"image(filename)?"\s*:/],
      },
    ],
    brings: {
      sources: ['nanodet-coco', 'efficientnet-lite0-fpn'],
      readers: [
        'coco-json',
        'yolo-folder',
        'pascal-voc',
        'cvat-xml',
        'label-studio',
        'labelme',
        'via',
        'createml',
        'supervisely',
        'kitti',
        'image-metadata-boxes',
        'box-table',
      ],
      datasets: EMOJI_VENDORS.map((vendor) => `emoji-scenes-${vendor}`),
      tasks: ['object-detection', 'heat-map-detection'],
      strategies: ['tune-head'],
    },
    commands: ['score'],
  },
];
