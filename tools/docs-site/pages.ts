/** A page of the site: where its Markdown stands in the repository and where it goes, without `.md`. */
export interface SitePage {
  readonly source: string;
  readonly path: string;
  /** Its name in the side bar. */
  readonly title: string;
}

export interface SiteSection {
  readonly title: string;
  readonly pages: readonly SitePage[];
}

const page = (source: string, path: string, title: string): SitePage => ({ source, path, title });
const guide = (name: string, title: string) => page(`docs/${name}.md`, `guide/${name}`, title);
const recipe = (name: string, title: string) => page(`docs/recipes/${name}.md`, `recipes/${name}`, title);
const ofPackage = (name: string, title: string) => page(`packages/${name}/README.md`, `packages/${name}`, title);

/** The site, in the order of its side bar; the first page is its front page. */
export const sections: readonly SiteSection[] = [
  {
    title: 'Begin',
    pages: [
      page('README.md', 'index', 'Headstart'),
      guide('installing', 'Installing'),
      guide('data', 'Data'),
      guide('strategies', 'Strategies'),
      guide('sources', 'Choosing a source'),
      guide('adaptation', 'Adaptation to unlabelled data'),
      guide('answers', 'How good a model is'),
      guide('benchmarks-of-your-own', 'Benchmarks'),
      guide('configuration', 'Configuration'),
      guide('backends', 'Backends'),
      guide('what-is-stored', 'What is stored'),
      guide('verdicts', 'How verdicts are made'),
      guide('benchmark-report', 'The report of a benchmark'),
      guide('predicting', 'Predicting'),
      guide('serving', 'Serving'),
      guide('in-a-page', 'In a page'),
      guide('limits', 'Limits'),
    ],
  },
  {
    title: 'Domains',
    pages: [ofPackage('vision', 'Pictures'), ofPackage('nlp', 'Texts'), ofPackage('detection', 'Objects in pictures')],
  },
  {
    title: 'Recipes',
    pages: [
      recipe('few-examples', 'A few examples per class'),
      recipe('more-classes', 'Classes added later'),
      recipe('another-camera', 'Another camera'),
      recipe('deploy-in-node', 'Deploy in Node'),
      recipe('next-js', 'Next.js'),
      recipe('transformers-js', 'transformers.js'),
      recipe('bundlers', 'Bundlers'),
    ],
  },
  {
    title: 'Plugins',
    pages: [
      guide('plugins', 'What a plugin may add'),
      guide('write-a-plugin', 'Write a plugin'),
      guide('a-domain-in-200-lines', 'A domain in 200 lines'),
      guide('conformance', 'Conformance'),
      page('examples/plugin-audio/README.md', 'guide/plugin-audio', 'The audio plugin'),
    ],
  },
  {
    title: 'Packages',
    pages: [
      ofPackage('headstart', 'headstart'),
      ofPackage('cli', 'cli'),
      ofPackage('core', 'core'),
      ofPackage('backend', 'backend'),
      ofPackage('artifacts', 'artifacts'),
      ofPackage('tracking', 'tracking'),
      ofPackage('create-plugin', 'create-plugin'),
    ],
  },
  {
    title: 'The house',
    pages: [
      guide('one-training-run', 'One training run'),
      guide('one-sentence', 'One sentence'),
      guide('one-box', 'One box'),
      guide('measurements', 'Measurements'),
      page('benchmarks/README.md', 'guide/benchmarks', 'Beside other libraries'),
      page('CONTRIBUTING.md', 'guide/contributing', 'Contributing'),
      guide('releasing', 'Releasing'),
    ],
  },
];

export const sitePages: readonly SitePage[] = sections.flatMap(({ pages }) => pages);
