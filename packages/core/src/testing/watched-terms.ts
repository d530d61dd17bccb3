import type { LossNeeds, LossTerm } from '../network/loss-term.ts';
import type { Phase, Strategy } from '../strategies/strategy.ts';

/** What the loss terms of a strategy take, by the term's name. */
export type TakenNeeds = Map<string, Set<keyof LossNeeds>>;

const OF_BATCH = ['features', 'embedding', 'outputs', 'teacher', 'groups'] as const;

/** The strategy, with what its terms take of what they are given noted. */
export function watchingTerms(strategy: Strategy, taken: TakenNeeds): Strategy {
  const watched = new WeakMap<LossTerm, LossTerm>();
  const watch = (term: LossTerm): LossTerm => {
    if (!watched.has(term)) watched.set(term, watchedTerm(term, taken));
    return watched.get(term)!;
  };
  const plan: Strategy['plan'] = (...args) =>
    strategy
      .plan(...args)
      .map((phase): Phase => (phase.losses ? { ...phase, losses: phase.losses.map(watch) } : phase));
  return Object.create(strategy, { plan: { value: plan, enumerable: true } }) as Strategy;
}

function watchedTerm(term: LossTerm, taken: TakenNeeds): LossTerm {
  const own = new Set<keyof LossNeeds>();
  taken.set(term.name, own);
  const noting = <T extends object>(
    given: T,
    needs: readonly (keyof LossNeeds)[],
    cross: (key: string, value: unknown) => unknown,
  ) =>
    new Proxy(given, {
      get(target, key, receiver) {
        if ((needs as readonly PropertyKey[]).includes(key)) own.add(key as keyof LossNeeds);
        return cross(String(key), Reflect.get(target, key, receiver));
      },
    });
  const batch = (value: unknown) =>
    typeof value === 'object' && value !== null ? noting(value, OF_BATCH, (_, inner) => inner) : value;
  const value: LossTerm['value'] = (inputs) =>
    term.value(
      noting(inputs, ['weights', 'unlabelled'], (key, given) =>
        key === 'labelled' || key === 'unlabelled' ? batch(given) : given,
      ),
    );
  return Object.create(term, { value: { value, enumerable: true } }) as LossTerm;
}
