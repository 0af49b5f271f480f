import * as z from 'zod';
import { parseActors } from '../../lab/actors/parse.ts';
import { parseFaults } from '../../lab/faults/parse.ts';
import { corruptTermService } from '../../lab/fleet/faults/beyond-repair.ts';
import type { Fault } from '../../lab/fleet/faults/fault.ts';
import { closeFirewall } from '../../lab/fleet/faults/settings.ts';
import { fleetVm, type FleetVm } from '../../lab/fleet/index.ts';
import { insideOf } from '../../lab/windows/inside.ts';
import { ScriptKilled } from '../../lab/windows/machine/errors.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import { somethingStays } from '../../shared/repair/changes-left.ts';
import { eachOf } from '../support/rows.ts';
import { stateUnder } from './support/end-states.ts';
import { atMoment } from './support/moments.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';
import { typedIn } from './support/typed.ts';

const listSchema = z.object({ remediations: z.array(z.object({ id: z.string() })) });

/*
 * What was changed in a running Windows and did not help is taken back, and what stays is told. Each VM has, beside what is mended, a
 * fault that no script mends.
 */
const now = Date.now();

function beyond(vm: string, name: string, ...faults: Fault[]): FleetVm {
  const one = fleetVm(vm, { now });
  for (const fault of [corruptTermService, ...faults])
    if (one.spec.osType !== 'Linux') fault(one.spec.osDisk);
  return { ...one, spec: { ...one.spec, name } };
}

function named(vm: string, name: string): FleetVm {
  const one = fleetVm(vm, { now });
  return { ...one, spec: { ...one.spec, name } };
}

const fleet = (): FleetVm[] => [
  beyond('rdp-port', 'gateway'),
  beyond('rdp-port-stubborn', 'moved'),
  beyond('rdp-denied', 'denied', closeFirewall),
  beyond('tls', 'tls-right'),
  beyond('rdp-port', 'silent'),
  beyond('rdp-denied', 'cancelled'),
  fleetVm('tls', { now }),
  named('tls', 'tls-silent-once'),
];

let theatre: Theatre;
beforeAll(async () => {
  theatre = await openTheatre(104, { fleet: fleet() });
});
afterAll(() => theatre.close());

function servicesOf(name: string): Record<string, string> {
  const { lab } = theatre.stage;
  const guest = lab.guest(name);
  const list = guest && insideOf(guest).machine()?.services.list();
  return Object.fromEntries(
    (list ?? []).map((service) => [service.name, `${service.startType} ${service.state}`]),
  );
}

/** Kills the script that is about to change Windows, once this is so. */
function killScriptOnce(name: string, isSo: () => boolean): void {
  const guest = theatre.stage.lab.guest(name);
  if (!guest) throw new Error(`${name} does not run`);
  const release = insideOf(guest).onChange(() => {
    if (!isSo()) return;
    release();
    throw new ScriptKilled();
  });
}

async function cancel(name: string): Promise<void> {
  const { stage } = theatre;
  const list = await stage.call('GET', `/api/remediations?vm=${stage.lab.vm(name).id}`);
  const id = listSchema.parse(await list.json()).remediations[0]?.id ?? '';
  await stage.call('POST', `/api/remediations/${id}/cancel`, { by: 'the day shift', leaveStopped: true });
}

const undone = ({ undo }: RemediationRecord) => undo.map(({ kind, done }) => ({ kind, done }));
const BACK = { kind: 'undo-guest-changes', done: true };

describe('What was changed in Windows for nothing', () => {
  eachOf(
    [
      { name: 'gateway', what: 'the service that gave its port to RDP runs and starts by itself' },
      { name: 'moved', what: 'RDP is set to its own port, and no rule for another one stands' },
      { name: 'denied', what: 'nobody is let in who was not' },
    ],
    3,
  )('on $name is taken back: $what', async ({ name }) => {
    const before = { state: stateUnder(theatre, name), services: servicesOf(name) };
    const record = await theatre.remediate(name, { mode: 'online' });
    expect(record.outcome?.kind).toBe('not-fixed');
    expect(undone(record)).toContainEqual(BACK);
    expect({ state: stateUnder(theatre, name), services: servicesOf(name) }).toEqual(before);
    expect(record.warnings.join()).not.toMatch(/now listens/);
    expect(somethingStays(record.changes ?? [])).toBe(false);
    expect(record.outcome?.summary).toContain('the VM is unchanged');
    expect(theatre.leftovers()).toEqual([]);
  });

  it('is taken back where the repair is called off in the middle, also by somebody who wants a stopped VM to stay so', async () => {
    const name = 'cancelled';
    const before = { state: stateUnder(theatre, name), services: servicesOf(name) };
    const ended = theatre.remediate(name);
    const isChanged = (): boolean => !stateUnder(theatre, name).denied;
    await atMoment(theatre, name, isChanged, () => cancel(name));
    const record = await ended;
    expect(record.outcome?.kind).toBe('cancelled');
    expect(undone(record)).toEqual([BACK, BACK]);
    expect(record.undo.every(({ done }) => done)).toBe(true);
    expect({ state: stateUnder(theatre, name), services: servicesOf(name) }).toEqual(before);
    expect(theatre.leftovers()).toEqual([]);
  });

  it('is told, with what to type, where the agent is silent by then', async () => {
    const name = 'silent';
    const { lab } = theatre.stage;
    lab.actors.add(...parseActors(`once 2 *runCommands/write@${name} -> agent off on ${name}`));
    const record = await theatre.remediate(name, { mode: 'online' });
    expect(record.outcome?.kind).toBe('not-fixed');
    expect(undone(record).map(({ done }) => done)).toContain(false);
    expect(typedIn(record)).toMatch(/apply\.ps1 -Undo [0-9a-f]{32} -Text only/);
    expect(record.outcome?.summary).toMatch(/changes? remains? \(the report lists what/);
    expect(record.changes).toContainEqual(
      expect.objectContaining({
        target: expect.stringContaining('PortNumber'),
        before: '3389',
        takeBack: expect.stringContaining('Set it back to 3389'),
      }),
    );
    expect(lab.vm(name).power).toBe('running');
  });

  it('stays where it is right by itself: TLS as Windows needs it', async () => {
    const record = await theatre.remediate('tls-right', { mode: 'online' });
    expect(record.outcome?.kind).toBe('not-fixed');
    expect(record.undo).toEqual([]);
    expect(record.changes?.map(({ target }) => target).join()).toContain('TLS 1.2');
    expect(stateUnder(theatre, 'tls-right')).toMatchObject({ tls12: true, groupPolicy: 2 });
  });
});

describe('Group Policy, which is held off for a repair', () => {
  it('is on again where the answer of that repair was lost', async () => {
    const before = stateUnder(theatre, 'tls');
    killScriptOnce('tls', () => stateUnder(theatre, 'tls').groupPolicy === 4);
    const record = await theatre.remediate('tls', { mode: 'online' });
    expect(record.errors.map(({ code }) => code)).toContain('GuestResultMissing');
    // Already before it is known how the repair ends.
    expect(record.steps.filter(({ id }) => id === 'tls')).toHaveLength(2);
    expect(stateUnder(theatre, 'tls')).toEqual(before);
    expect(record.warnings.join()).not.toContain('gpsvc');
  });

  it('is on again after an offline repair where the answer of what puts it back was lost', async () => {
    const name = 'tls-silent-once';
    theatre.stage.lab.faults.add(
      ...parseFaults(`PUT:*runCommands/write@${name}=fail(VMAgentStatusCommunicationError: It is silent.)`),
    );
    const policy = (): number | undefined => stateUnder(theatre, name).groupPolicy;
    const ended = theatre.remediate(name);
    const isBooted = (): boolean => policy() === 4 && theatre.stage.lab.guest(name) !== undefined;
    await atMoment(theatre, name, isBooted, () => {
      killScriptOnce(name, () => policy() !== 4);
      return Promise.resolve();
    });
    const record = await ended;
    expect(record.errors.map(({ code }) => code)).toContain('GuestResultMissing');
    expect(record.outcome?.kind).toBe('repaired-offline');
    expect(policy()).toBe(2);
    expect(record.warnings.join()).not.toContain('gpsvc');
  });
});
