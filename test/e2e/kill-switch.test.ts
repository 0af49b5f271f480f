import { labSettings } from '../../local/stage.ts';
import { storageAccount } from '../support/storage.ts';
import { kill, startRemediation, type Host } from './support/host-process.ts';
import { hasEnded, storedRecord } from './support/stored-records.ts';
import { openOutlivingLab, type OutlivingLab } from './support/outliving-lab.ts';

const ACCOUNT = 121;
const time = { epoch: Date.now(), startedAtRealMs: Date.now(), rate: 120 };
const NAME = 'patient';

let outliving: OutlivingLab;
beforeAll(async () => {
  outliving = await openOutlivingLab(time, [NAME]);
});
afterAll(() => outliving.close());

function startHost(extra: Record<string, string> = {}): Promise<Host> {
  const { lab, folder } = outliving;
  const policy = { approval: { modes: ['full' as const] } };
  const settings = labSettings(lab, { folder, storage: storageAccount(ACCOUNT), policy });
  return outliving.startHost({ ...settings, ...extra }, 'durable.sqlite');
}

describe('The kill switch', () => {
  it('ends what waits for a person too, which comes to no safe point by itself', async () => {
    const { lab, osDiskOf } = outliving;
    const original = osDiskOf(NAME);
    const before = new Set(lab.resources().map(({ id }) => id));
    const first = await startHost();
    const id = await startRemediation(first, lab.vm(NAME).id);
    await storedRecord(ACCOUNT, id, ({ question }) => question !== undefined);
    await kill(first.process);
    await startHost({ RDP_MEDIC_KILL_SWITCH: 'on' });

    const record = await storedRecord(ACCOUNT, id, hasEnded);
    expect(record.outcome?.kind).toBe('cancelled');
    expect(osDiskOf(NAME)).toBe(original);
    expect(lab.vm(NAME).power).toBe('running');
    const kept = new Set([...before, ...record.cleanup.kept].map((one) => one.toLowerCase()));
    expect(lab.resources().filter(({ id: made }) => !kept.has(made.toLowerCase()))).toEqual([]);
  });
});
