import { comparableDisk } from '../../../lab/windows/comparable.ts';
import type { GuestDisk } from '../../../lab/windows/disk.ts';
import type { ScriptEngine } from '../../../lab/windows/guest.ts';
import { itWithPwsh } from '../../support/pwsh.ts';
import { diskOf, onBench, online, wordsOf } from './support.ts';

import { type Meeting } from './meeting.ts';
import { MEETINGS } from './meetings.ts';
import { PORT_MEETINGS } from './port-meetings.ts';

/** The same disk for both engines: what chance makes is made once. */
async function met({ changes }: Meeting, original: GuestDisk, engine: ScriptEngine) {
  const facts = await onBench(online(structuredClone(original)), (bench) => bench.collect());
  const disk = structuredClone(original);
  const answer = await onBench(online(disk, { engine }), (bench) => bench.apply(changes(facts)));
  return { answer, disk };
}

function made({ vm = 'healthy', faults }: Meeting): GuestDisk {
  return diskOf(vm, ...faults);
}

const ALL = [...PORT_MEETINGS, ...MEETINGS];

describe('what the hands meet on a running Windows', () => {
  it.each(ALL)('$what', async (meeting) => {
    const { answer, disk } = await met(meeting, made(meeting), 'model');
    expect(wordsOf(answer)).toEqual(meeting.words);
    meeting.check?.(answer, disk);
  });

  for (const meeting of ALL) {
    itWithPwsh(`in PowerShell as in its twin: ${meeting.what}`, async () => {
      const original = made(meeting);
      const real = await met(meeting, original, 'pwsh');
      const twin = await met(meeting, original, 'model');
      expect(real.answer.outcomes).toEqual(twin.answer.outcomes);
      expect(real.answer.facts?.owed).toEqual(twin.answer.facts?.owed);
      expect(comparableDisk(real.disk)).toEqual(comparableDisk(twin.disk));
    });
  }
});
