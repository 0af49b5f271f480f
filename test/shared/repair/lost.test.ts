import { fateOfUnfinished, type LostFate, type Seen } from '../../../shared/repair/lost.ts';

const OWNER = { hub: 'Medic', instance: 'vm-1', epoch: 3, nextSignBy: '2026-03-01T12:00:00.000Z' };
const before = Date.parse('2026-03-01T11:59:59.000Z');
const after = Date.parse('2026-03-01T12:00:01.000Z');

describe('a remediation whose record has no end', () => {
  it.each<[Seen, string, number, LostFate['fate']]>([
    ['goes-on', 'Medic', after, 'leave'],
    ['busy', 'Medic', after, 'leave'],
    ['over', 'Medic', before, 'take-over'],
    ['gone', 'Medic', before, 'leave'],
    ['gone', 'Medic', after, 'take-over'],
    ['gone', 'Another', before, 'leave'],
    ['gone', 'Another', after, 'tell'],
    // Its own hub may carry it on: this engine only knows an instance of the same name.
    ['over', 'Another', before, 'leave'],
    ['over', 'Another', after, 'tell'],
  ])('that its engine calls %s, asked by the hub %s at %d: %s', (seen, hub, now, fate) => {
    expect(fateOfUnfinished(OWNER, hub, seen, now).fate).toBe(fate);
  });
});
