import fc from 'fast-check';
import type { Actor, Moment } from '../../../../lab/actors/actor.ts';
import { CALLS, deedsOn, MISCHIEF } from '../../../../lab/actors/random.ts';

interface Options {
  /** The VM they are after. */
  vm: string;
  most?: number;
  withinSeconds?: number;
  deeds?: readonly string[];
}

/** Scripts of other people and machines that shrink to the fewest who break something. */
export function actorsArbitrary(options: Options): fc.Arbitrary<Actor[]> {
  const { vm, most = 6, withinSeconds = 1800, deeds = MISCHIEF } = options;
  const calls = {
    match: fc.record({ action: fc.constantFrom(...CALLS) }),
    from: fc.integer({ min: 1, max: 4 }),
  };
  const delaySeconds = fc.integer({ min: 0, max: 120 });
  const moment: fc.Arbitrary<Moment> = fc.oneof(
    fc.record({ kind: fc.constant('in'), seconds: fc.integer({ min: 0, max: withinSeconds }) }),
    fc.record({ kind: fc.constant('before'), ...calls }),
    fc.record({ kind: fc.constantFrom('after', 'once'), ...calls, delaySeconds }),
  );
  const actor = fc
    .record({ when: moment, deed: fc.constantFrom(...deeds), underWay: fc.boolean() })
    .map(({ when, deed, underWay }): Actor => ({
      who: 'somebody',
      when,
      deeds: deedsOn(deed, vm),
      target: vm,
      ...(when.kind === 'before' && { underWay }),
    }));
  return fc.array(actor, { minLength: 1, maxLength: most });
}
