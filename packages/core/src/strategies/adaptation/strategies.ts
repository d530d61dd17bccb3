import { z } from 'zod';
import {
  adversarialTerm,
  classConfusionTerm,
  conditionalTerm,
  coralTerm,
  domainStatisticsTerm,
  marginDisparityTerm,
  meanDiscrepancyTerm,
} from '../../adaptation/terms.ts';
import type { UsualTraining } from '../../options/training-length.ts';
import type { Strategy } from '../strategy.ts';
import { ADAPTATION, adaptation, adaptationOptions, yesOrNo } from './adaptation.ts';
import { selfTraining } from './self-training.ts';
import { shot } from './shot.ts';
import { tent } from './tent.ts';

const weight = z.coerce.number().positive().default(1);
const positive = z.coerce.number().positive().optional();

/** Of what comes to more in 300 steps than in 800: on sentences by a point and more. */
const SHORT: UsualTraining = { ...ADAPTATION, steps: 300 };

/** Per-domain statistics alone: AdaBN (Li et al., 2016, arXiv 1603.04779) in the bottleneck. */
const adabn = adaptation({
  id: 'adabn',
  description: 'Adapt to unlabelled samples: normalise by the statistics of their domain',
  example: 'adabn:with=im',
  options: z.strictObject(adaptationOptions),
  defaults: SHORT,
  terms: () => [domainStatisticsTerm()],
});

/** CORAL (Sun and Saenko, 2016, arXiv 1607.01719). */
const coral = adaptation({
  id: 'coral',
  description: 'Adapt to unlabelled samples: align means and covariances of features',
  example: 'coral:form=deep,weight=1',
  options: z.strictObject({ ...adaptationOptions, weight, form: z.enum(['deep', 'means']).default('means') }),
  terms: ({ form, ...options }) => [coralTerm({ ...options, deep: form === 'deep' })],
});

/** Deep adaptation by mean discrepancies (Long et al., 2015, arXiv 1502.02791). */
const dan = adaptation({
  id: 'dan',
  description: 'Adapt to unlabelled samples: align mean embeddings under many kernels',
  example: 'dan:weight=1',
  options: z.strictObject({ ...adaptationOptions, weight }),
  terms: (options) => [meanDiscrepancyTerm(options)],
});

/** Domain-adversarial training (Ganin et al., 2016, arXiv 1505.07818). */
const dann = adaptation({
  id: 'dann',
  description: 'Adapt to unlabelled samples: features that a discriminator cannot tell apart',
  example: 'dann:with=mcc',
  options: z.strictObject({ ...adaptationOptions, weight }),
  terms: (options) => [adversarialTerm(options)],
});

/** Conditional domain-adversarial training (Long et al., 2018, arXiv 1705.10667). */
const cdan = adaptation({
  id: 'cdan',
  description: 'Adapt to unlabelled samples: features and classes together that a discriminator cannot tell apart',
  example: 'cdan:entropy=yes,with=mcc',
  options: z.strictObject({ ...adaptationOptions, weight, entropy: yesOrNo.default(true) }),
  terms: (options) => [conditionalTerm(options)],
});

/** Minimum class confusion (Jin et al., 2020, arXiv 1912.03699). */
const mcc = adaptation({
  id: 'mcc',
  description: 'Adapt to unlabelled samples: classes that are not confused with one another',
  example: 'mcc:temperature=2.5',
  options: z.strictObject({ ...adaptationOptions, weight, temperature: positive }),
  terms: (options) => [classConfusionTerm(options)],
});

/**
 * Margin disparity discrepancy (Zhang et al., 2019, arXiv 1904.05801), then also classes that centroids confirm; on features of several depths, which
 * carry further than the last alone (Evci et al., 2022, arXiv 2201.03529).
 */
const mdd = adaptation({
  id: 'mdd',
  description:
    'Adapt to unlabelled samples: features on which no second head disagrees, then classes that centroids confirm',
  example: 'mdd:gamma=2,rounds=3,earlier=2',
  options: z.strictObject({ ...adaptationOptions, weight, gamma: positive }),
  defaults: { ...ADAPTATION, epochs: 15, steps: 150 },
  joinedRate: 2e-3,
  rounds: 3,
  earlier: 2,
  terms: (options) => [marginDisparityTerm(options)],
});

/** What adapts to unlabelled samples. */
export const adaptationStrategies: readonly Strategy[] = [
  adabn,
  coral,
  dan,
  dann,
  cdan,
  mcc,
  mdd,
  selfTraining,
  shot,
  tent,
];
