import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createVirtualClock } from '../../../lab/clock/virtual.ts';
import { fleetVm } from '../../../lab/fleet/index.ts';
import type { EmbeddedHost, HostOptions } from '../../../local/host/start-host.ts';
import { openStore } from '../../../local/host/store/store.ts';
import { startHost } from '../../../local/host/start-host.ts';
import { remediationRecordSchema, type RemediationRecord } from '../../../shared/model/record.ts';
import { instanceIdOf } from '../../../shared/model/remediation-id.ts';
import { APP_ENTRY } from '../../../local/app-entry.ts';
import { describeInRows } from '../../support/rows.ts';
import { newWorld } from '../../support/world.ts';
import { newestOf } from '../support/approval.ts';
import { atMoment, MOMENTS } from '../support/moments.ts';
import { expectSameVm } from '../support/offline-repair.ts';
import { openTheatre, type Theatre } from '../support/theatre.ts';
import { replay } from './next-versions.ts';

type Release = 'this one' | 'the next one' | 'one that has forgotten this one';

const now = Date.now();
const clock = createVirtualClock(now);
const folder = mkdtempSync(join(tmpdir(), 'rdp-medic-upgrade-'));
const statePath = join(folder, 'durable.sqlite');
const NAMES = ['kept', 'forgotten', 'newer'] as const;

let theatre: Theatre;
let given: HostOptions;
let current: EmbeddedHost;

beforeAll(async () => {
  const fleet = NAMES.map((name) => {
    const { spec, ...rest } = fleetVm('tls-agent-not-ready', { now });
    return { ...rest, spec: { ...spec, name } };
  });
  theatre = await openTheatre(220, {
    clock,
    folder,
    fleet,
    startHost: async (options) => {
      given = { ...options, statePath };
      current = await startHost(given);
      return facade();
    },
  });
});
afterAll(async () => {
  await theatre.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The address stays, whichever release is behind it. */
function facade(): EmbeddedHost {
  return {
    get url() {
      return current.url;
    },
    functionKey: current.functionKey,
    systemKey: current.systemKey,
    masterKey: current.masterKey,
    off: current.off,
    finished: (id) => current.finished(id),
    idle: () => current.idle(),
    close: () => current.close(),
    crash: () => current.crash(),
  };
}

/** Ends the host that runs, in the middle of whatever it does, and starts one of this release on what it had stored, or of the next. */
async function deploy(release: Release): Promise<void> {
  const resume = clock.hold();
  await current.crash();
  const { functionKey, systemKey, masterKey } = current;
  const options = { ...given, functionKey, systemKey, masterKey };
  current = release === 'this one' ? await startHost(options) : await startNext(release, options);
  resume();
}

/** The next release: its orchestrations are of version 2.0.0, and a remediation begins with another call. */
async function startNext(release: Release, options: HostOptions): Promise<EmbeddedHost> {
  replay(release === 'the next one' ? ['1.0.0', '2.0.0'] : ['2.0.0']);
  const world = newWorld({
    [import.meta.resolve('../../../functions/orchestrators/versions.ts')]: import.meta
      .resolve('./next-versions.ts'),
  });
  const entry = world(pathToFileURL(APP_ENTRY).href);
  return startHost({ ...options, entry, hostJson: join(import.meta.dirname, 'host.next.json') });
}

const instanceOf = (name: string): string => instanceIdOf(theatre.stage.lab.vm(name).id.toLowerCase());

async function start(name: string): Promise<void> {
  const { stage } = theatre;
  const answer = await stage.call('POST', '/api/remediations', { vmId: stage.lab.vm(name).id });
  expect(answer.status).toBe(202);
}

async function recordOf(name: string): Promise<RemediationRecord> {
  const { id } = await newestOf(theatre, name);
  const answer = await theatre.stage.call('GET', `/api/remediations/${id}`);
  return remediationRecordSchema.parse(await answer.json());
}

/** Versions of the orchestrations of a VM, its sub-orchestrations included. */
function versionsOf(name: string): (string | null)[] {
  const { instances, database } = openStore(statePath, 'normal');
  const all = instances.list({ limit: 10_000 });
  database.close();
  const own = all.filter(
    ({ id, parent }) =>
      id === instanceOf(name) || parent?.OrchestrationInstance.InstanceId === instanceOf(name),
  );
  return [...new Set(own.map(({ version }) => version))];
}

const WHILE_DOWN = MOMENTS['while the copy is repaired'];

describeInRows('The app is replaced while a VM is down for its repair', () => {
  it('by one that has kept the old orchestrator: the repair ends as it began', async () => {
    const name = 'kept';
    await start(name);
    await atMoment(theatre, name, WHILE_DOWN, () => deploy('the next one'));
    await current.finished(instanceOf(name));
    expect(await recordOf(name)).toMatchObject({ outcome: { kind: 'repaired-offline' }, errors: [] });
    expect(theatre.stage.lab.vm(name).power).toBe('running');
    expect(versionsOf(name)).toEqual(['1.0.0']);
  });

  it('by an older one: the repair waits for one that knows its version', async () => {
    const name = 'newer';
    await start(name);
    await atMoment(theatre, name, WHILE_DOWN, () => deploy('this one'));
    await clock.idle();
    expect(theatre.stage.lab.vm(name).power).toBe('deallocated');
    expect((await recordOf(name)).endedAt).toBeUndefined();
    await deploy('the next one');
    await current.finished(instanceOf(name));
    expect((await recordOf(name)).outcome?.kind).toBe('repaired-offline');
    expect(versionsOf(name)).toEqual(['2.0.0']);
  });

  it('by one that has forgotten the old orchestrator: the watchdog takes the repair back', async () => {
    const name = 'forgotten';
    await deploy('this one');
    const before = structuredClone(theatre.stage.lab.vm(name));
    const original = theatre.osDiskOf(name).id;
    await start(name);
    await atMoment(theatre, name, WHILE_DOWN, () => deploy('one that has forgotten this one'));
    expect((await current.finished(instanceOf(name))).status).toBe('Failed');
    expect((await recordOf(name)).endedAt).toBeUndefined();

    await theatre.stage.call('POST', '/admin/functions/watchdog', {});
    await current.idle();
    await current.finished('watchdog');
    await current.finished(instanceOf(name));

    const record = await recordOf(name);
    expect(record.outcome?.kind).toBe('failed');
    expect(record.errors.map(({ code }) => code)).toContain('InstanceLost');
    expect(record.cleanup.leftovers).toEqual([]);
    expectSameVm(theatre, name, before);
    expect(theatre.osDiskOf(name).id).toBe(original);
  });
});
