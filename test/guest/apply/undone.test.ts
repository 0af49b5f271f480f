import type { GuestDisk } from '../../../lab/windows/disk.ts';
import type { ScriptEngine } from '../../../lab/windows/guest.ts';
import { ScriptKilled } from '../../../lab/windows/machine/errors.ts';
import { insideOf } from '../../../lab/windows/inside.ts';
import { setInSystem } from '../../../lab/fleet/disk/edit.ts';
import { dword } from '../../../lab/fleet/disk/registry-values.ts';
import type { GuestAnswer } from '../../../shared/model/guest-answer.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { eachOf } from '../../support/rows.ts';
import { ONLINE_CASES } from './cases.ts';
import type { Case } from './case.ts';
import { answerOf } from '../support/answer.ts';
import { diskOf, leftOn, nonceOf, onBench, online, wordsOf, type Bench } from './support.ts';

/** New by nature: a certificate with its key, and where a damaged one was put. */
const isNew = ({ what }: Case): boolean => /^Renew-Certificate|makes a missing folder/.test(what);
/** No tool of Windows writes bytes that do not fit their kind; a restart writes nothing. */
const isWithoutWay = ({ what }: Case): boolean => /bytes do not fit|^Restart-RdpServices/.test(what);
const UNDOABLE = ONLINE_CASES.filter((one) => !isNew(one) && !isWithoutWay(one));
const IN_POWERSHELL = /^TLS is|frees the port|comes back|bound key|^Set-|^Refresh/;
const SET = 'CurrentControlSet';

interface Undone {
  before: unknown;
  after: unknown;
  answer: GuestAnswer;
  gone: boolean;
}

/** Applies and takes back; `kill`: cuts the undo off before that change, and sends it again. */
async function undone(
  { make, changes }: Case,
  engine: ScriptEngine,
  { kill = 0, original = make() }: { kill?: number; original?: GuestDisk } = {},
): Promise<Undone | undefined> {
  const disk = structuredClone(original);
  return onBench(online(disk, { engine }), async (bench) => {
    const list = changes(await bench.collect(), SET);
    const before = rulesSorted(disk);
    await bench.apply(list, { Nonce: nonceOf(77) });
    if (kill > 0 && !(await killedUndo(bench, kill))) return undefined;
    const answer = answerOf(await bench.run({ Undo: nonceOf(77) }));
    const hasJournal = JSON.stringify(disk).includes(nonceOf(77));
    return { before, after: rulesSorted(disk), answer, gone: !hasJournal };
  });
}

async function killedUndo(bench: Bench, nth: number): Promise<boolean> {
  let count = 0;
  const release = insideOf(bench.guest).onChange(() => {
    count++;
    if (count >= nth) throw new ScriptKilled();
  });
  try {
    return !(await bench.run({ Undo: nonceOf(77) })).stdout.includes('RDP-MEDIC-RESULT');
  } finally {
    release();
  }
}

/** Windows writes the fields of a firewall rule in an order of its own; an owner that nobody could read is not known. */
function rulesSorted(disk: GuestDisk): unknown {
  return JSON.parse(
    JSON.stringify(leftOn(disk), (name, value: unknown) => {
      if (name === 'owner' && typeof value === 'string' && /^S-1-5-(21-|32-544)/.test(value))
        return 'somebody';
      return typeof value === 'string' && value.startsWith('v2.') ? value.split('|').sort().join('|') : value;
    }),
  );
}

describe('what a run did is taken back by its journal', () => {
  it.each(UNDOABLE)('and the disk is as before: $what', async (one) => {
    const result = await undone(one, 'model');
    expect(result?.answer.error).toBeNull();
    expect(result?.answer.outcomes.filter(({ word }) => !['undone', 'stands'].includes(word))).toEqual([]);
    expect(result?.after).toEqual(result?.before);
    expect(result?.gone).toBe(true);
    expect(result?.answer.facts?.owed.filter((word) => word === 'restart')).toEqual([]);
  });

  eachOf(UNDOABLE, 4)('also when the undo was cut off anywhere and sent again: $what', async (one) => {
    let cuts = 0;
    for (;;) {
      const result = await undone(one, 'model', { kill: cuts + 1 });
      if (!result) break;
      cuts++;
      // Cut off after its last change, it has nothing left to take back.
      if (result.answer.error) expect(result.answer.error.code).toBe('JournalMissing');
      expect(result.after).toEqual(result.before);
    }
    expect(cuts).toBeGreaterThan(1);
  });

  it.each(ONLINE_CASES.filter(isNew))('but for what is new by nature, which it says: $what', async (one) => {
    const result = await undone(one, 'model');
    expect(result?.answer.outcomes.map(({ word }) => word)).toContain('stands');
    expect(result?.gone).toBe(true);
  });

  it('but leaves alone what somebody has changed since', async () => {
    const disk = diskOf('rdp-denied');
    const one = ONLINE_CASES.find(({ what }) => what.startsWith('TLS is switched on'));
    await onBench(online(disk), async (bench) => {
      const facts = await bench.collect();
      await bench.apply(one?.changes(facts, SET) ?? [], { Nonce: nonceOf(77) });
      setInSystem(disk, 'Services\\gpsvc', 'Start', dword(3));
      const answer = answerOf(await bench.run({ Undo: nonceOf(77) }));
      expect(wordsOf(answer)).toContain('moved');
      const found = answer.facts?.registry.find(({ path }) => path === 'Services\\gpsvc');
      expect(found?.values).toContainEqual({ name: 'Start', kind: 'DWord', data: 3 });
    });
  });

  it('also a run that was cut off anywhere, and whoever gave way is back', async () => {
    const one = ONLINE_CASES.find(({ what }) => what.includes('comes back'));
    if (!one) throw new Error('no case');
    for (let nth = 1; ; nth++) {
      const disk = one.make();
      const isOver = await onBench(online(disk), async (bench) => {
        const list = one.changes(await bench.collect(), SET);
        const before = rulesSorted(disk);
        const wasKilled = await bench.applyKilled(nth, list, { Nonce: nonceOf(77) });
        const { error, facts } = answerOf(await bench.run({ Undo: nonceOf(77) }));
        // Cut off before its journal began, it wrote nothing but what it owed.
        if (error) expect(error.code).toBe('JournalMissing');
        else {
          expect(rulesSorted(disk)).toEqual(before);
          expect(facts?.owed).toEqual([]);
        }
        return !wasKilled;
      });
      if (isOver) break;
    }
  });

  it('and says what it cannot write back', async () => {
    const one = ONLINE_CASES.find(({ what }) => what.includes('bytes do not fit'));
    const result = one && (await undone(one, 'model'));
    expect(result?.answer.outcomes).toMatchObject([
      { word: 'refused', error: { text: expect.stringContaining('KindUnwritable') } },
    ]);
  });

  it('is an error without a journal', async () => {
    await onBench(online(diskOf('healthy')), async (bench) => {
      const answer = answerOf(await bench.run({ Undo: nonceOf(9) }));
      expect(answer.error?.code).toBe('JournalMissing');
    });
  });

  it('says of each service that was stopped whether it runs again', async () => {
    const one = ONLINE_CASES.find(({ what }) => what.includes('frees the port'));
    const result = one && (await undone(one, 'model'));
    const started = result?.answer.outcomes.filter((outcome) => outcome.do === 'service-stop') ?? [];
    expect(started.length).toBeGreaterThan(0);
    for (const { word, wrote } of started)
      expect({ word, wrote }).toMatchObject({
        word: 'undone',
        wrote: [{ what: 'service-run', before: 'Stopped', after: 'Running' }],
      });
  });

  it('keeps the journals of the last runs, more than a remediation makes', async () => {
    const disk = diskOf('rdp-denied');
    await onBench(online(disk), async (bench) => {
      for (let nth = 1; nth <= 27; nth++) {
        setInSystem(disk, 'Control\\Terminal Server', 'fDenyTSConnections', dword(1));
        const facts = await bench.collect();
        await bench.apply(ONLINE_CASES[0]?.changes(facts, SET) ?? [], { Nonce: nonceOf(100 + nth) });
      }
      const kept = bench.machine().registry.subkeys('HKLM\\SOFTWARE\\RDP Medic\\Journal');
      expect(kept).toHaveLength(24);
      expect(kept).toContain(nonceOf(127));
    });
  });

  // One of each kind of entry: PowerShell takes seconds for each.
  for (const one of UNDOABLE.filter(({ what }) => IN_POWERSHELL.test(what))) {
    itWithPwsh(`by PowerShell as by its twin: ${one.what}`, async () => {
      const original = one.make();
      const real = await undone(one, 'pwsh', { original });
      const twin = await undone(one, 'model', { original });
      expect(real?.answer.outcomes).toEqual(twin?.answer.outcomes);
      expect(real?.after).toEqual(twin?.after);
    });
  }
});
