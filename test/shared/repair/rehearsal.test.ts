import type { Done } from '../../../shared/causes/cause.ts';
import { TERMINAL_SERVER } from '../../../shared/causes/listener.ts';
import type { Change } from '../../../shared/model/change.ts';
import {
  departsFrom,
  doneBeyond,
  newAmong,
  withRehearsed,
  type Rehearsed,
} from '../../../shared/repair/rehearsal.ts';
import { registry } from '../causes/cases/case.ts';
import { healthyFacts } from '../causes/facts.ts';

const facts = healthyFacts();
const allow = registry(TERMINAL_SERVER, 'fDenyTSConnections', 1, 0, 'ControlSet001');
const renew: Change = { do: 'Renew-Certificate', thumbprints: ['AB'], others: false, keyAside: true };
const rehearsed: Rehearsed = { windows: facts.windows, changes: [allow, renew], first: [allow, renew] };

/** What became of a change. */
function ended(change: Change, word: string, wrote: Done['outcome']['wrote']): Done {
  return { change, outcome: { change: 0, do: change.do, word, wrote, data: [], error: null } };
}

const written = { what: 'registry', target: 'fDenyTSConnections', before: '1', after: '0' };

describe('what was done in the run that looked first', () => {
  it.each<[string, Change[], Done[]]>([
    ['was asked for', [allow, renew], [ended(allow, 'written', [written])]],
    [
      'was asked for with another value before',
      [{ ...allow, before: null }],
      [ended(allow, 'written', [written])],
    ],
    ['was not asked for any more, and found done', [renew], [ended(allow, 'stands', [])]],
  ])('stands where it %s', (_what, asked, done) => {
    expect(doneBeyond(asked, done)).toBeUndefined();
  });

  it('ends the repair where it wrote what this disk did not ask for', () => {
    expect(doneBeyond([renew], [ended(allow, 'written', [written])])).toMatch(
      /no longer needs a change that was rehearsed: set fDenyTSConnections/,
    );
  });
});

describe('what may be done for real', () => {
  it.each<[string, Change[]]>([
    ['all of it', [allow, renew]],
    ['a part of it', [renew]],
    ['the same where another value stood before', [{ ...allow, before: null }]],
    ['the same for another certificate', [{ ...renew, thumbprints: ['CD', 'EF'] }]],
  ])('is what was rehearsed: %s', (_what, planned) => {
    expect(departsFrom(rehearsed, facts, planned)).toBeUndefined();
  });

  it.each<[string, Change[], RegExp]>([
    ['nothing is left to mend', [], /no longer there/],
    ['another value is wanted', [{ ...allow, after: null }], /not rehearsed/],
    ['another control set is meant', [{ ...allow, set: 'ControlSet002' }], /not rehearsed/],
    ['there is something else beside it', [allow, { do: 'Set-SerialConsole' }], /serial console/],
    ['a key is to be moved that was not', [{ ...renew, keyAside: false }], /not rehearsed/],
  ])('ends where %s', (_what, planned, says) => {
    expect(departsFrom(rehearsed, facts, planned)).toMatch(says);
  });

  it('ends where the disk holds another Windows, whatever it asks for', () => {
    for (const other of [{ build: 1 }, { machineGuid: 'another' }])
      expect(
        departsFrom(rehearsed, { ...facts, windows: { ...facts.windows, ...other } }, [allow]),
      ).toContain('a different Windows');
  });

  it('is only that in later rounds too, in which nothing may be left', () => {
    expect(newAmong([allow], [])).toBeUndefined();
    expect(newAmong([allow], [renew])).toContain('not rehearsed');
  });

  it('is told in the plan, with what it does not prove', () => {
    const ended = (change: Change, word: string): Done => ({
      change,
      outcome: { change: 0, do: change.do, word, wrote: [], data: [], error: null },
    });
    const { lines } = withRehearsed({ lines: ['first'], downtime: '', losses: [] }, [
      ended(allow, 'written'),
      ended(renew, 'guarded'),
      ended(renew, 'guarded'),
    ]);
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe('first');
    expect(lines[1]).toContain('set fDenyTSConnections in ControlSet001\\Control\\Terminal Server to 0');
    expect(lines[2]).toContain('Windows refused in the rehearsal');
    expect(lines.at(-1)).toContain('not that Windows starts');
  });
});
