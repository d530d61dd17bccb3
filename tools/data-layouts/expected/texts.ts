import { either, read, refused, type Acceptable, type Expectation, type ExpectedReading } from '../expectation.ts';

type Reading = Omit<ExpectedReading, 'kind'>;

/** Twenty texts, ten a class. */
const texts = (reading: Reading = {}) =>
  read({
    task: 'text-classification',
    labels: ['bad', 'good'],
    samples: 20,
    example: /love this phone.*=> good/is,
    ...reading,
  });
const ok = (...accept: Acceptable[]): Expectation => either(texts(), ...accept);
const labelled = (bad: string, good: string, reading: Reading = {}) =>
  texts({ labels: [bad, good].toSorted(), example: new RegExp(`love this phone.*=> ${good}$`, 'is'), ...reading });
const severalLabels = (labels: readonly string[], reading: Reading = {}) =>
  texts({ task: 'multi-label-classification', labels, example: undefined, ...reading });
const unlabelled = (line: number, ...more: RegExp[]) =>
  refused(new RegExp(`line ${line}\\b|row ${line}\\b|:${line}\\b`), /label/, /missing-labels/, ...more);

/** A word for a missing label, in two of twenty rows: a class of that name with a warning, or no label. */
const missing = (word: string): Expectation => {
  const spelt = new RegExp(word.replace(/[?/]/g, '\\$&'));
  return either(
    texts({ labels: undefined, said: [/missing-labels|missing|no label/, spelt] }),
    texts({ samples: 18, unlabelled: 2 }),
    refused(spelt, /missing/),
    unlabelled(6),
  );
};

const tables: Readonly<Record<string, Expectation>> = {
  'txt-plain': ok(),
  'txt-noheader': ok(),
  'txt-noheader-positive': either(labelled('negative', 'positive'), refused(/header=no/)),
  'txt-noheader-positive+header-no': either(labelled('negative', 'positive')),
  'txt-noheader-labels-first-positive': either(labelled('negative', 'positive'), refused(/header=no/)),
  'txt-noheader-topic': either(labelled('complaint', 'review'), refused(/header=no/)),
  'txt-noheader-comment': either(labelled('question', 'comment'), refused(/header=no/)),
  'txt-header-only-label-words': either(labelled('comment', 'review'), refused(/header=no/)),
  'txt-noheader-score': either(labelled('1', '2'), refused(/label-column/, /1, 2/)),
  'txt-excel-semicolon': ok(),
  'txt-excel-semicolon+opts': ok(),
  'txt-excel-semicolon-commas': ok(),
  'txt-excel-semicolon-decimal': ok(refused(/label-column/, /rating/)),
  'txt-sep-line': ok(),
  'txt-utf16le': ok(refused(/UTF-16/, /UTF-8/)),
  'txt-utf16-nobom': ok(refused(/zero bytes|UTF-16/)),
  'txt-cp1252': ok(refused(/UTF-8/, /line 2/)),
  'txt-utf8-bom-crlf': ok(),
  'txt-cr-only': ok(),
  'txt-quotes-newlines': ok(),
  'txt-backslash-quotes': ok(refused(/quot|backslash|escape/i)),
  'txt-nul': ok(refused(/zero byte|NUL/i)),
  'txt-nul-late': either(texts({ samples: 21 }), refused(/zero byte|NUL/i)),
  'txt-smscollection': either(labelled('spam', 'ham'), refused(/\.tsv|\.csv/)),
  'txt-smscollection-tsv': either(labelled('spam', 'ham')),
  'txt-smscollection-tsv-quote': either(labelled('spam', 'ham'), refused(/quote=none/)),
  'txt-kaggle-disaster': either(labelled('1', '0')),
  'txt-kaggle-imdb': either(labelled('negative', 'positive')),
  'txt-kaggle-jigsaw': either(
    severalLabels(['obscene', 'toxic'], { said: [/severe_toxic/] }),
    refused(/one-hot|several labels|column a label/i),
    refused(/label-columns?/),
  ),
  'txt-onehot-emotion': either(
    severalLabels(['anger', 'fear', 'joy']),
    refused(/one-hot|several labels|column a label/i),
  ),
  'txt-semeval': either(severalLabels(['anger', 'joy']), refused(/one-hot|several labels|column a label/i)),
  'txt-sentiment140': either(labelled('0', '4'), refused(/text-column|header/)),
  'txt-agnews': either(labelled('2', '1', { example: /love this phone/ })),
  'txt-fasttext': either(
    texts(),
    labelled('__label__bad', '__label__good', { said: [/__label__/] }),
    refused(/fastText/i),
  ),
  'txt-libsvm': either(texts(), labelled('__label__bad', '__label__good')),
  'txt-label-int': either(labelled('0', '1')),
  'txt-label-float': either(labelled('0.0', '1.0'), labelled('0', '1')),
  'txt-label-float-mixed': either(
    texts({ labels: undefined, example: undefined, said: [/near-equal-labels/] }),
    labelled('0', '1'),
  ),
  'txt-label-bool': either(
    texts({ labels: undefined, example: undefined, said: [/near-equal-labels/] }),
    texts({ labels: ['FALSE', 'TRUE'], example: undefined }),
    texts({ labels: ['False', 'True'], example: undefined }),
    texts({ labels: ['false', 'true'], example: undefined }),
  ),
  'txt-label-case': either(texts({ labels: undefined, example: undefined, said: [/near-equal-labels/] }), texts()),
  'txt-label-nbsp': either(texts({ labels: undefined, said: [/near-equal-labels/], example: undefined }), texts()),
  'txt-label-nfd': either(
    texts({ labels: undefined, example: undefined, said: [/near-equal-labels/] }),
    labelled('bad', 'café'),
  ),
  'txt-label-missing-NaN': missing('NaN'),
  'txt-label-missing-nan-lc': missing('nan'),
  'txt-label-missing-None': missing('None'),
  'txt-label-missing-null-lc': missing('null'),
  'txt-label-missing-NULL': missing('NULL'),
  'txt-label-missing-NA': missing('N/A'),
  'txt-label-missing-hNA': missing('#N/A'),
  'txt-label-missing-q': missing('?'),
  'txt-label-missing-dash': missing('-'),
  'txt-label-missing-empty': either(unlabelled(6)),
  'txt-text-missing': either(texts({ said: [/NaN/] }), refused(/NaN|empty/, /line|:\d/)),
  'txt-text-empty': either(
    refused(/line 5|:5\b/, /text.* empty|no text/),
    texts({ samples: 19, said: [/empty|no text/] }),
  ),
  'txt-long': either(refused(/line 22/, /1,500,000|long/), texts({ samples: 21, said: [/cut|long/] })),
  'txt-long-ok': either(texts({ samples: 21 })),
  'txt-unicode': either(labelled('悪い', '👍')),
  'txt-multilabel-bar': either(
    severalLabels(['bad', 'good', 'x']),
    refused(/label-separator|separat/, /\|/),
    texts({ labels: undefined, said: [/label-separator/] }),
  ),
  'txt-multilabel-list': either(severalLabels(['bad', 'good', 'x']), refused(/list/, /label/)),
  'txt-multilabel-pylist': either(severalLabels(['bad', 'good', 'x']), refused(/list/, /label/)),
  'txt-multilabel-comma': either(
    severalLabels(['bad', 'good', 'x']),
    refused(/label-separator|separat/, /,/),
    texts({ labels: undefined, said: [/several labels|label-separator|combination/i] }),
  ),
  'txt-index': ok(),
  'txt-index-unnamed': ok(),
  'txt-index-oddnames': ok(refused(/text-column|label-column/)),
  'txt-two-texts': ok(),
  'txt-two-label-cols': either(
    labelled('0', '1', { said: [/label_name/] }),
    texts({ said: [/label/] }),
    texts(),
    refused(/label-column/, /label_name/),
  ),
  'txt-label-and-category': either(refused(/label-column/, /category/, /sentiment/), texts({ said: [/category/] })),
  'txt-text-score': either(
    labelled('1', '5'),
    texts({ task: 'text-regression', labels: undefined, example: undefined }),
    refused(/label-column=?/, /score/),
  ),
  'txt-text-score+label-column': either(labelled('1', '5')),
  'txt-content-score': either(labelled('1', '5'), refused(/label-column=?/, /score/)),
  'txt-rating': either(labelled('1', '5')),
  'txt-stars': either(labelled('1', '5')),
  'txt-question-intent': either(
    refused(/only_one/, /one sample|small-classes/),
    read({ samples: 21, said: [/only_one/] }),
  ),
  'txt-dup-texts': either(texts({ samples: 41, example: undefined, said: [/duplicate|same (text|content)/i] })),
  'txt-split-col-training': either(texts({ splits: [15, 0, 5] })),
  'txt-split-col-dataset': either(texts({ splits: [15, 0, 5] }), refused(/dataset/, /split-column/)),
  'txt-ragged': ok(refused(/line 22/, /3 cells/, /quot|comma|separator/i)),
  'txt-ragged-many': ok(refused(/line \d+/, /3 cells/, /quot|comma|separator/i)),
  'txt-one-quote': ok(refused(/line 6/, /quot|comma|separator/i)),
  'txt-trailing-commas': ok(),
  'txt-trailing-rows': ok(),
  'txt-title-line': ok(refused(/header|first line|title/i), refused(/text-column|column of texts/)),
  'txt-comment-hash': ok(refused(/comment|#/), refused(/header|first line/i)),
  'txt-html': ok(),
  'txt-conll': either(refused(/CoNLL|token/i)),
  'txt-txt-table': ok(refused(/\.csv/)),
  'txt-emotion': ok(refused(/\.csv/)),
  'txt-emotion-csv': ok(),
  'txt-ls-csv': ok(),
  'txt-ls-csv-choice': either(severalLabels(['bad', 'good', 'x']), refused(/list|choices/, /label|choice/)),
  'txt-ls-csv-unlabelled': either(unlabelled(6), refused(/unlabelled|empty|no label/, /missing-labels/)),
  'txt-ls-csv-unlabelled+skip': either(
    refused(/unlabelled|empty|no label/, /missing-labels/),
    texts({ samples: 18, said: [/label/] }),
  ),
  'txt-ecommerce': either(
    read({ labels: ['0', '1'], samples: 20, example: /long text/ }),
    refused(/label-column/, /Rating|Recommended|Class Name/),
  ),
  'txt-ecommerce+opts': either(read({ labels: ['0', '1'], example: /long text/ })),
  'txt-label-score-empty': ok(),
  'txt-label-score-word': ok(),
  'txt-mentions-png': either(read({ task: 'text-classification', labels: ['bug', 'question'], samples: 24 })),
  'txt-mentions-png-one': either(read({ task: 'text-classification', labels: ['bug', 'question'], samples: 24 })),
  'txt-mentions-png-first': either(read({ task: 'text-classification', labels: ['bug', 'question'], samples: 24 })),
};

const jsonLines: Readonly<Record<string, Expectation>> = {
  'txt-jsonl-text-label': ok(),
  'txt-doccano': either(
    texts(),
    severalLabels(['bad', 'good'], { said: [/multi-label|list/] }),
    severalLabels(['bad', 'good']),
  ),
  'txt-doccano-annotations': either(labelled('1', '2'), refused(/annotations?|doccano/, /object|doccano/)),
  'txt-doccano-ner': either(refused(/span|NER|entit|doccano|position/i)),
  'txt-spacy-cats': either(texts(), severalLabels(['bad', 'good']), refused(/cats|spaCy/, /object|spaCy|Prodigy/)),
  'txt-prodigy': either(refused(/reject|answer/), texts({ samples: 10, labels: ['good'], said: [/reject/] })),
  'txt-prodigy-two': either(texts({ samples: 13, example: undefined, said: [/reject/] }), refused(/reject|answer/)),
  'txt-prodigy-choice': either(texts(), severalLabels(['bad', 'good'])),
  'txt-ls-json': ok(refused(/Label Studio/)),
  'txt-ls-jsonmin': ok(refused(/Label Studio/)),
  'txt-argilla': ok(),
  'txt-argilla2': ok(refused(/Argilla/)),
  'txt-json-array': ok(),
  'txt-json-data': ok(refused(/JSON/)),
  'txt-json-columns': ok(refused(/JSON/, /orient|column/)),
  'txt-jsonl-as-json': ok(),
  'txt-jsonl-array-in': ok(refused(/array|\[/)),
  'txt-jsonl-news': either(texts({ example: /love this pho.*=> good/is })),
  'txt-jsonl-yelp': either(labelled('1', '5'), refused(/label-column/, /stars/)),
  'txt-jsonl-amazon': either(labelled('1', '5'), refused(/label-column|text-column/, /overall|reviewText/)),
  'txt-jsonl-nan': either(refused(/NaN/, /line 5|:5\b/), unlabelled(5), texts({ samples: 19, said: [/label/] })),
  'txt-jsonl-null': either(unlabelled(5)),
  'txt-jsonl-null+skip': either(unlabelled(5), texts({ samples: 19, said: [/label/] })),
  'txt-jsonl-intents': either(texts(), refused(/messages/, /chat/i)),
  'txt-jsonl-prompt': ok(),
  'txt-rasa': ok(refused(/Rasa/)),
  'txt-jsonl-bom': ok(),
  'txt-jsonl-pretty': ok(refused(/one .*line/i)),
  'txt-jsonl-commas': ok(refused(/line 1/, /JSON/, /array|comma/)),
  'txt-jsonl-commas+skip': ok(refused(/line 1|JSON/, /array|comma/)),
  'txt-jsonl-int-label': either(labelled('0', '1')),
  'txt-jsonl-float-label': either(labelled('0', '1'), labelled('0.0', '1.0')),
  'txt-jsonl-empty-list': either(unlabelled(4), severalLabels(['bad', 'good'], { said: [/label/] })),
  'txt-jsonl-str-and-list': either(severalLabels(['bad', 'good']), texts(), refused(/line 2/, /list/)),
  'txt-jsonl-late-key': either(
    refused(/label-column|label/, /1,?200|line \d|lines|row/),
    texts({ said: [/label/], samples: 20 }),
  ),
};

const binary: Readonly<Record<string, Expectation>> = {
  'txt-gz': ok(refused(/gunzip|gzip/)),
  'txt-gz-named-csv': ok(refused(/gzip/)),
  'txt-xlsx': ok(refused(/Excel/, /CSV/)),
  'txt-xlsx+renamed': ok(refused(/Excel|zip/)),
  'txt-parquet-hf': either(texts(), labelled('neg', 'pos'), labelled('0', '1', { said: [/name/] })),
  'txt-parquet-hf-unlabelled': either(
    texts({ labels: undefined, example: undefined, said: [/-1/, /missing|no label/] }),
    refused(/-1/, /missing-labels/),
    unlabelled(5),
    refused(/label/, /missing-labels/),
  ),
  'txt-parquet-seq': either(
    severalLabels(['bad', 'good', 'x'], { example: undefined }),
    read({ task: 'multi-label-classification', samples: 20, labels: ['bad', 'good', 'neutral'] }),
    read({ task: 'multi-label-classification', said: [/name/] }),
  ),
  'txt-parquet-dict': ok(),
  'txt-parquet-largestring': ok(refused(/ZSTD/i, /Node 22\.15/)),
  'txt-parquet-index': ok(),
  'txt-parquet-null': either(unlabelled(5)),
  'txt-parquet-nanlabel': either(unlabelled(5)),
  'txt-parquet-images': either(read({ task: 'image-classification' }), refused(/picture|image/i)),
  'txt-parquet-split-files': either(
    texts({ samples: undefined, labels: undefined, example: undefined }),
    refused(/train.*\.parquet|Parquet/),
  ),
  'txt-parquet-binary': ok(),
  'txt-parquet-bool': either(labelled('false', 'true'), labelled('False', 'True')),
  'txt-csv-split-files': either(texts({ samples: undefined }), refused(/train\.csv/)),
  'txt-arrow': either(refused(/Arrow/), texts()),
  'txt-pickle': either(refused(/pickle/i)),
};

const folders: Readonly<Record<string, Expectation>> = {
  'txtf-imdb': either(
    read({ labels: ['neg', 'pos'], splits: [20, 0, 20], said: [/unsup/] }),
    read({ labels: ['neg', 'pos', 'unsup'], splits: [26, 0, 20], said: [/unsup/] }),
    refused(/unsup/),
  ),
  'txtf-imdb-clean': either(
    read({ labels: ['neg', 'pos'], splits: [20, 0, 20], said: [/unsup/] }),
    read({ labels: ['neg', 'pos', 'unsup'], splits: [26, 0, 20], said: [/unsup/] }),
    refused(/unsup/),
  ),
  'txtf-20news': {
    accept: [
      read({ task: 'text-classification', labels: ['rec.autos', 'sci.space'], splits: [20, 0, 20] }),
      refused(/20news-bydate-train|text-folder/),
    ],
    problem: /nested-class-folders/,
  },
  'txtf-20news+train': either(
    read({ task: 'text-classification', labels: ['rec.autos', 'sci.space'], samples: 20 }),
    refused(/text-folder/),
  ),
  'txtf-20news+reader': either(read({ task: 'text-classification', labels: ['rec.autos', 'sci.space'], samples: 20 })),
  'txtf-latin1': either(read({ task: 'text-classification', labels: ['bad', 'good'], samples: 20 }), refused(/UTF-8/)),
  'txtf-html': either(
    read({ task: 'text-classification', labels: ['bad', 'good'], samples: 20 }),
    refused(/\.html|\.eml/),
  ),
  'txtf-junk': either(read({ task: 'text-classification', labels: ['bad', 'good'], samples: 20 })),
  'txtf-junk+docx': either(
    read({ task: 'text-classification', labels: ['bad', 'good'], samples: 20, said: [/docx/i] }),
    refused(/x\.docx/),
  ),
  'txtf-pdf': either(refused(/PDF/i, /text/)),
  'txtf-training': either(read({ task: 'text-classification', labels: ['bad', 'good'], splits: [20, 0, 20] })),
  'txtf-transcripts-beside': either(
    read({ task: 'image-classification', labels: ['cat', 'dog'], samples: 12 }),
    refused(/text/, /picture|image/),
  ),
};

export const texts20: Readonly<Record<string, Expectation>> = { ...tables, ...jsonLines, ...binary, ...folders };
