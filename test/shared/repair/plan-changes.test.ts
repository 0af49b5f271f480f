import type { Cause, Done, Look } from '../../../shared/causes/cause.ts';
import { TERMINAL_SERVER } from '../../../shared/causes/listener.ts';
import type { Change } from '../../../shared/model/change.ts';
import { planChanges } from '../../../shared/repair/plan-changes.ts';
import { registry } from '../causes/cases/case.ts';
import { healthyFacts } from '../causes/facts.ts';

const deny = registry(TERMINAL_SERVER, 'fDenyTSConnections', 1, 0);
const restart = (services: ('SessionEnv' | 'TermService')[], pids: number[]): Change => ({
  do: 'Restart-RdpServices',
  services,
  pids,
});

function wanting(...changes: Change[]): Cause {
  return {
    id: 'test',
    step: 'rdp-port',
    title: 'test',
    reads: [],
    writes: [],
    detect: () => [],
    repair: () => changes,
    takesEffect: 'now',
    order: 1,
    findings: {},
    words: { seen: '', mend: '', guidance: '', byHand: '', undo: '' },
    recipe: [],
  };
}

function look(...done: Done[]): Look {
  return {
    facts: healthyFacts(),
    done,
    options: { legacyTls: false, newRdpPort: undefined, portHeldByOther: false, agentAnswers: true },
  };
}

function ended(change: Change, word: string): Done {
  return { change, outcome: { change: 0, do: change.do, word, wrote: [], data: [], error: null } };
}

describe('a plan of changes', () => {
  it('does each change once, whichever causes ask for it', () => {
    expect(planChanges(look(), [wanting(deny), wanting(deny)])).toEqual([deny]);
  });

  it('draws the restarts of all causes together into one, after everything that it is to take up', () => {
    const first = wanting(restart(['TermService'], [8]), deny);
    const second = wanting(restart(['SessionEnv', 'TermService'], [4, 8]));
    expect(planChanges(look(), [first, second])).toEqual([
      deny,
      restart(['SessionEnv', 'TermService'], [4, 8]),
    ]);
  });

  it('tries once more what Windows refused, whatever stood there by then, and no third time', () => {
    const refused = ended(deny, 'refused');
    const again: Change = { ...deny, before: null };
    expect(planChanges(look(refused), [wanting(again)])).toEqual([again]);
    expect(planChanges(look(refused, refused), [wanting(again)])).toEqual([]);
  });

  it('does not try again what says how Windows is', () => {
    const renew: Change = { do: 'Renew-Certificate', thumbprints: ['0A'], others: false, keyAside: false };
    expect(planChanges(look(ended(renew, 'guarded')), [wanting(renew)])).toEqual([]);
  });

  it('plans nothing where the causes want nothing', () => {
    expect(planChanges(look(), [wanting()])).toEqual([]);
  });
});
