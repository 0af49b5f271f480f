import { setTimeout as sleep } from 'node:timers/promises';
import { labSettings } from '../../local/stage.ts';
import { TIMING } from '../../shared/repair/timing.ts';
import { storageAccount } from '../support/storage.ts';
import { ended, kill, startRemediation, type Host } from './support/host-process.ts';
import { openOutlivingLab, type OutlivingLab } from './support/outliving-lab.ts';

/** Lab time against real time. */
const time = { epoch: Date.now(), startedAtRealMs: Date.now(), rate: 150 };
/** The next host is started when whoever carried the remediation on should long have signed again. */
const later = { ...time, epoch: time.epoch + (TIMING.signWithin + 3600) * 1000 };

let outliving: OutlivingLab;
let settings: Record<string, string>;

beforeAll(async () => {
  outliving = await openOutlivingLab(time, ['killed', 'slow']);
  settings = labSettings(outliving.lab, {
    folder: outliving.folder,
    storage: storageAccount(68),
    policy: { limits: { coolDownMinutes: 0, attemptsPerDay: 100 } },
  });
});
afterAll(() => outliving.close());

const startHost = (state: string, clock = time): Promise<Host> => outliving.startHost(settings, state, clock);

/** Until the VM is down and its copy is being repaired. */
async function copyIsRepaired(): Promise<void> {
  while (!outliving.isAttached('repair-disk')) await sleep(20);
}

function roles(): string[] {
  return outliving.lab
    .resources()
    .flatMap(({ tags }) => tags?.['rdp-medic-role'] ?? [])
    .sort();
}

describe('a task hub that is deleted in the middle of an offline repair, with its host', () => {
  it('costs nothing: the watchdog of a fresh host brings the VM up on its own disk', async () => {
    const { lab, osDiskOf } = outliving;
    const original = osDiskOf('killed');
    const first = await startHost('first.sqlite');
    const id = await startRemediation(first, lab.vm('killed').id);
    await copyIsRepaired();
    await kill(first.process);
    expect(lab.vm('killed').power).toBe('deallocated');

    const second = await startHost('second.sqlite', later);
    const record = await ended(second, id);

    expect(record.outcome?.kind).toBe('failed');
    expect(record.errors.map(({ code }) => code)).toContain('InstanceLost');
    expect(record.owner.epoch).toBe(2);
    expect(lab.vm('killed').power).toBe('running');
    expect(osDiskOf('killed')).toBe(original);
    expect(record.cleanup.leftovers).toEqual([]);
    expect(roles()).toEqual(['snapshot']);
    await kill(second.process);
  });

  it('fences a host off that was slow only, and finds another at work when it wakes', async () => {
    const { lab, osDiskOf } = outliving;
    const original = osDiskOf('slow');
    const slow = await startHost('slow.sqlite');
    const id = await startRemediation(slow, lab.vm('slow').id);
    await copyIsRepaired();
    slow.process.kill('SIGSTOP');

    const fresh = await startHost('fresh.sqlite', later);
    const record = await ended(fresh, id);
    expect(record.owner.epoch).toBe(2);
    expect(lab.vm('slow').power).toBe('running');

    const before = lab.requests().length;
    slow.process.kill('SIGCONT');
    // Many polls of it, by its own clock.
    await sleep(5000);
    const written = lab
      .requests()
      .slice(before)
      .filter(({ method }) => method !== 'GET');
    // One call may have been past its check when it was stopped: what that is about is gone.
    expect(written.length).toBeLessThanOrEqual(1);
    expect(written.filter(({ status }) => status < 400)).toEqual([]);
    expect(lab.vm('slow').power).toBe('running');
    expect(osDiskOf('slow')).toBe(original);
    expect((await ended(fresh, id)).outcome).toEqual(record.outcome);
  });
});
