import { eachOf } from '../support/rows.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';
import { makeAdviceVms, makeCauseVms } from '../../lab/fleet/index.ts';
import { causeOf } from '../../shared/causes/catalogue.ts';

/*
 * Causes that are their file alone (shared/causes): nothing else of the service knows their names, and it mends them.
 */
const now = Date.now();
const mendable = makeCauseVms({ now });
const advised = makeAdviceVms({ now });

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(103, { fleet: [...mendable, ...advised] });
});
afterAll(() => theatre.close());

describe('a cause that is only a file', () => {
  eachOf(
    mendable.map(({ spec: { name }, brokenBy, expected }) => ({ name, brokenBy, expected })),
    5,
  )('$name ($brokenBy) is mended by the whole service', async ({ name, expected }) => {
    expect((await theatre.rdpOf(name)).state).not.toBe('healthy');
    const { outcome, steps, errors } = await theatre.remediate(name);
    expect(errors).toEqual([]);
    expect(outcome).toMatchObject({ kind: expected.kind, causes: [name] });
    expect(steps.find(({ id }) => id === expected.step)).toMatchObject({ state: 'fixed', remaining: [] });
    expect((await theatre.rdpOf(name)).state).toBe('healthy');
    expect(theatre.leftovers()).toEqual([]);
  });

  it.each(
    advised.map(({ spec: { name }, brokenBy, expected, cause = '' }) => ({
      name,
      brokenBy,
      expected,
      cause,
    })),
  )('$name ($brokenBy) is named, and the VM left as it was', async ({ name, expected, cause }) => {
    const before = theatre.osDiskOf(name).id;
    const { outcome, steps, advice } = await theatre.remediate(name);
    expect(outcome?.kind).toBe(expected.kind);
    // No disk would show more than Windows did: the VM is not taken down for it.
    expect(steps.map(({ id }) => id)).not.toContain('offline-repair');
    if (expected.kind !== 'healthy') expect(outcome?.causes).toContain(cause);
    if (expected.kind === 'not-fixed') expect(advice.join('\n')).toContain(causeOf(cause).words.guidance);
    expect(theatre.osDiskOf(name).id).toBe(before);
    expect(theatre.stage.lab.vm(name).power).toBe('running');
    expect(theatre.leftovers()).toEqual([]);
  });
});
