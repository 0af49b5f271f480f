import { parseActors } from '../../lab/actors/parse.ts';
import { LAB_GROUP_ID } from '../../lab/arm/start-lab.ts';
import type { NetworkSecurityGroup, SecurityRule } from '../../lab/arm/store/resources.ts';
import { corruptTermService } from '../../lab/fleet/faults/beyond-repair.ts';
import { disableAgent } from '../../lab/fleet/faults/settings.ts';
import { setInSystem } from '../../lab/fleet/disk/edit.ts';
import { dword } from '../../lab/fleet/disk/registry-values.ts';
import { fleetVm, type FleetVm } from '../../lab/fleet/index.ts';
import { ADMIN_ADDRESS } from '../../local/stage.ts';
import type { RemediationRecord } from '../../shared/model/record.ts';
import { inRows } from '../support/rows.ts';
import { openTheatre, type Theatre } from './support/theatre.ts';

const ATTACKER = '203.0.113.11';
const PARTNER = '192.0.2.9';
const now = Date.now();

function named(vm: FleetVm, name: string): FleetVm {
  return { ...vm, spec: { ...vm.spec, name } };
}

/** RDP stands open to the Internet. */
const exposed = (name: string): FleetVm => named(fleetVm('open-to-internet', { now }), name);

/** RDP moves to another port, through the agent. */
const moving = (name: string): FleetVm => named(fleetVm('rdp-port-stubborn', { now }), name);

/** RDP moves on a copy of the disk, and nobody answers there: all is taken back. */
function failing(name: string): FleetVm {
  const vm = moving(name);
  disableAgent(vm.spec.osDisk);
  corruptTermService(vm.spec.osDisk);
  return vm;
}

/** Windows says that RDP is on the port of a web server, and the wire that it is not. */
function claiming(name: string): FleetVm {
  const vm = fleetVm('rdp-port', { now });
  setInSystem(vm.spec.osDisk, 'Control\\Terminal Server\\WinStations\\RDP-Tcp', 'PortNumber', dword(443));
  setInSystem(vm.spec.osDisk, 'Services\\ContosoWebGateway\\Parameters', 'ListensOn', dword(443));
  vm.spec.nsgRules = [{ name: 'web', priority: 300, access: 'Allow', sources: ['Internet'], ports: ['443'] }];
  return named(vm, name);
}

let theatre: Theatre;
beforeAll(async () => {
  const names = ['edited', 'deleted', 'pair', 'neighbour', 'other-rule', 'subnet', 'two'];
  theatre = await openTheatre(63, {
    fleet: [
      ...names.map(exposed),
      ...['stays', 'late', 'kept', 'gone'].map(moving),
      ...['fails', 'fails-edited', 'fails-deleted'].map(failing),
      named(fleetVm('rdp-port', { now }), 'behind'),
      claiming('claims'),
      fleetVm('peer', { now }),
    ],
  });
});
afterAll(() => theatre.close());

const reaches = (name: string, source: string, port = 3389): boolean =>
  theatre.stage.lab.isReachable(name, source, port);

function nsgOf(name: string): NetworkSecurityGroup {
  return theatre.stage.lab.store.networkSecurityGroups.get(
    `${LAB_GROUP_ID}/providers/Microsoft.Network/networkSecurityGroups/${name}-nsg`,
  );
}

function nicOf(name: string) {
  return theatre.stage.lab.store.networkInterfaces.get(
    `${LAB_GROUP_ID}/providers/Microsoft.Network/networkInterfaces/${name}-nic`,
  );
}

function addressOf(name: string): string {
  return nicOf(name).ipConfigurations[0]?.properties.privateIPAddress ?? '';
}

/** Puts a VM behind the group of another one. */
function putBehind(name: string, owner: string): void {
  nicOf(name).properties.networkSecurityGroup = { id: nsgOf(owner).id };
}

function rulesOf(name: string): SecurityRule[] {
  return structuredClone(nsgOf(name).rules);
}

/** What was added to a group. */
function addedTo(name: string): SecurityRule[] {
  return rulesOf(name).filter((rule) => rule.name.startsWith('rdp-medic-'));
}

async function whileActing(name: string, actors: string, request: object = {}): Promise<RemediationRecord> {
  const { lab } = theatre.stage;
  lab.actors.add(...parseActors(actors));
  const record = await theatre.remediate(name, request);
  await lab.actors.idle();
  expect(lab.actors.pending()).toEqual([]);
  expect(lab.actors.history().filter(({ error }) => error !== undefined)).toEqual([]);
  lab.actors.clear();
  return record;
}

const stepOf = ({ steps }: RemediationRecord) => steps.find(({ id }) => id === 'rdp-security');

describe('A rule that somebody changes while it is closed', () => {
  it('is closed as it stands by then, with whom they let in', async () => {
    const record = await whileActing(
      'edited',
      `*/securityRules/write -> rule allow-rdp-any sources=*,${PARTNER} on edited`,
    );
    expect(record.outcome).toMatchObject({ kind: 'repaired-online' });
    expect(reaches('edited', ATTACKER)).toBe(false);
    expect(reaches('edited', ADMIN_ADDRESS)).toBe(true);
    expect(reaches('edited', PARTNER)).toBe(true);
    expect(record.changedRules).toMatchObject([
      { before: { sources: ['*', PARTNER] }, after: { sources: [PARTNER, ADMIN_ADDRESS] } },
    ]);
  });

  it('is not made again where they deleted it', async () => {
    const record = await whileActing(
      'deleted',
      '*/securityRules/write -> delete-rule allow-rdp-any on deleted',
      { mode: 'online' },
    );
    expect(rulesOf('deleted')).toEqual([]);
    expect(record.changedRules).toEqual([]);
    expect(stepOf(record)).toMatchObject({ state: 'fixed', actions: [] });
  });
});

describe('A group before several machines', () => {
  it('is closed for the VM alone, and the record tells of the others', async () => {
    putBehind('neighbour', 'pair');
    const before = rulesOf('pair');
    const record = await theatre.remediate('pair');
    expect(record.outcome).toMatchObject({ kind: 'repaired-online' });
    expect(reaches('pair', ATTACKER)).toBe(false);
    expect(reaches('pair', ADMIN_ADDRESS)).toBe(true);
    expect(reaches('neighbour', ATTACKER)).toBe(true);
    expect(rulesOf('pair')).toEqual(expect.arrayContaining(before));
    expect(addedTo('pair')).toHaveLength(2);
    for (const { properties } of addedTo('pair'))
      expect(properties.destinationAddressPrefix).toBe(addressOf('pair'));
    expect(stepOf(record)?.detail).toContain('also protects other machines');
  });

  it('is closed for the next of them by rules of its own', async () => {
    const record = await theatre.remediate('neighbour');
    expect(record.outcome).toMatchObject({ kind: 'repaired-online' });
    expect(addedTo('pair')).toHaveLength(4);
    expect(new Set(rulesOf('pair').map(({ properties }) => properties.priority)).size).toBe(5);
    for (const name of ['pair', 'neighbour']) {
      expect(reaches(name, ATTACKER)).toBe(false);
      expect(reaches(name, ADMIN_ADDRESS)).toBe(true);
    }
  });

  inRows('is left as it is where the open rule is for another machine', async () => {
    putBehind('behind', 'other-rule');
    for (const { properties } of nsgOf('other-rule').rules)
      properties.destinationAddressPrefix = addressOf('other-rule');
    const before = rulesOf('other-rule');
    const record = await theatre.remediate('behind', { mode: 'online' });
    expect(stepOf(record)).toMatchObject({ state: 'not-needed' });
    expect(rulesOf('other-rule')).toEqual(before);
    expect(reaches('other-rule', ATTACKER)).toBe(true);
  });

  inRows('on the subnet is looked at, and closed for the VM alone', async () => {
    const { lab } = theatre.stage;
    const nsg = nsgOf('subnet');
    delete nicOf('subnet').properties.networkSecurityGroup;
    const [network] = lab.store.virtualNetworks.within(LAB_GROUP_ID);
    const [subnet] = network?.subnets ?? [];
    if (!subnet) throw new Error('no subnet');
    subnet.networkSecurityGroup = nsg.id;
    try {
      expect(reaches('subnet', ATTACKER)).toBe(true);
      const record = await theatre.remediate('subnet');
      expect(record.outcome).toMatchObject({ kind: 'repaired-online' });
      expect(reaches('subnet', ATTACKER)).toBe(false);
      expect(reaches('subnet', ADMIN_ADDRESS)).toBe(true);
      expect(addedTo('subnet')).toHaveLength(2);
      expect(reaches('two', ATTACKER)).toBe(true);
    } finally {
      delete subnet.networkSecurityGroup;
    }
  });
});

describe('Two open rules in one group', () => {
  it('are both closed, and partners behind them stay let in', async () => {
    for (const rule of nsgOf('two').rules) rule.properties.destinationPortRange = '3000-4000';
    const [first] = rulesOf('two');
    if (!first) throw new Error('no rule');
    nsgOf('two').rules.push(
      { name: 'second', properties: { ...first.properties, priority: 301, destinationPortRange: '*' } },
      {
        name: 'partner',
        properties: {
          ...first.properties,
          priority: 400,
          sourceAddressPrefix: PARTNER,
          destinationPortRange: '3389',
        },
      },
    );
    const record = await theatre.remediate('two');
    expect(record.outcome).toMatchObject({ kind: 'repaired-online' });
    expect(stepOf(record)).toMatchObject({ state: 'fixed', remaining: [] });
    expect(stepOf(record)?.detail).toContain('partner');
    expect(reaches('two', ATTACKER)).toBe(false);
    expect(reaches('two', PARTNER)).toBe(true);
    expect(reaches('two', ADMIN_ADDRESS)).toBe(true);
    expect(reaches('two', ATTACKER, 80)).toBe(true);
  });
});

describe('Two VMs behind one group, whose RDP moves to the same port', () => {
  it('have a rule each: the one that fails takes back its own alone', async () => {
    putBehind('fails', 'stays');
    const stays = await theatre.remediate('stays');
    expect(stays.outcome).toMatchObject({ kind: 'repaired-online', rdpPort: 3390 });
    expect(stays.steps.map(({ detail }) => detail).join()).toContain('also protects other machines');
    const before = rulesOf('stays');
    expect(addedTo('stays')).toHaveLength(1);
    const record = await theatre.remediate('fails');
    expect(record.outcome).toMatchObject({ kind: 'not-fixed' });
    expect(record.undo).toContainEqual(expect.objectContaining({ kind: 'delete-security-rule', done: true }));
    expect(record.changedRules).toMatchObject([{ before: null, after: { destinationPorts: ['3390'] } }]);
    expect(rulesOf('stays')).toEqual(before);
    expect(reaches('stays', ADMIN_ADDRESS, 3390)).toBe(true);
    expect(reaches('fails', ADMIN_ADDRESS, 3390)).toBe(false);
  });
});

describe('A rule for a moved port', () => {
  inRows('takes the next priority where somebody took its own', async () => {
    const record = await whileActing(
      'late',
      '*/securityRules/write -> rule theirs priority=299 ports=8080 on late',
    );
    expect(record.outcome).toMatchObject({ kind: 'repaired-online', rdpPort: 3390 });
    expect(addedTo('late').map(({ properties }) => properties.priority)).toEqual([298]);
    expect(record.changedRules).toMatchObject([{ after: { priority: 298 } }]);
    expect(rulesOf('late').map(({ name }) => name)).toContain('theirs');
  });

  it('is left alone by the undo where somebody changed it, and that is told', async () => {
    const record = await whileActing(
      'fails-edited',
      `after */securityRules/write +60s -> rule rdp-medic-* sources=${PARTNER} on fails-edited`,
    );
    expect(record.outcome).toMatchObject({ kind: 'not-fixed' });
    expect(addedTo('fails-edited')).toMatchObject([{ properties: { sourceAddressPrefixes: [PARTNER] } }]);
    expect(record.undo).toContainEqual(
      expect.objectContaining({
        kind: 'delete-security-rule',
        done: true,
        description: expect.stringContaining('left alone'),
      }),
    );
    expect(record.advice.join('\n')).toContain('left alone');
  });

  inRows('is gone all the same where somebody deleted it', async () => {
    const record = await whileActing(
      'fails-deleted',
      'after */securityRules/write +60s -> delete-rule rdp-medic-* on fails-deleted',
    );
    expect(record.outcome).toMatchObject({ kind: 'not-fixed' });
    expect(addedTo('fails-deleted')).toEqual([]);
    expect(record.advice.join('\n')).not.toContain('left alone');
  });
});

describe('A port that only Windows speaks of', () => {
  it('is neither closed nor opened: the web stays as open as it was', async () => {
    const before = rulesOf('claims');
    const record = await theatre.remediate('claims', { mode: 'online' });
    expect(record.steps.find(({ id }) => id === 'diagnose')?.state).toBe('done');
    expect(stepOf(record)).toMatchObject({ state: 'not-needed' });
    expect(rulesOf('claims')).toEqual(before);
    expect(reaches('claims', ATTACKER, 443)).toBe(true);
  });
});

describe('A request that names too wide a network as its administrators', () => {
  const prefixes = ['0.0.0.0/0', '::/0', '128.0.0.0/1', '12.0.0.0/7'];
  it.each(prefixes)('%s is refused, and why is said', async (prefix) => {
    const { stage } = theatre;
    const body = { vmId: stage.lab.vm('two').id, options: { adminAddresses: [prefix] } };
    const answer = await stage.call('POST', '/api/remediations', body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('is too wide');
  });
});
