import fc from 'fast-check';
import { parseActors } from '../../../lab/actors/parse.ts';
import { writeActors } from '../../../lab/actors/write.ts';
import { actorsArbitrary } from './support/arbitrary.ts';

describe('actors in writing', () => {
  it.each([
    'oncall: in 90s x5 -> start, deallocate on web-01',
    'owner: at 2026-01-15T09:10:00.000Z -> rule allow-rdp sources=10.0.0.0/8,192.0.2.1',
    'watchdog: 3+* PUT:*/disks/write@web-01 ~> stop',
    'somebody: once +2 */deallocate/action +30s -> delete role:rescue-vm',
  ])('stay as they were: %s', (text) => {
    expect(writeActors(parseActors(text))).toBe(text);
  });

  it('are read as what they were', () => {
    fc.assert(
      fc.property(actorsArbitrary({ vm: 'vm1' }), (actors) => {
        const again = parseActors(writeActors(actors));
        expect(writeActors(again)).toBe(writeActors(actors));
        expect(again.map(({ deeds, target }) => ({ deeds, target }))).toEqual(
          actors.map(({ deeds, target }) => ({ deeds, target })),
        );
      }),
    );
  });
});
