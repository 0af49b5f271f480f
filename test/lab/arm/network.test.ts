import * as z from 'zod';
import type { SecurityRule } from '@azure/arm-network';
import { NETWORK } from './support/contract.ts';
import { GROUP, refusalOf, startBench, windowsVm, type Bench } from './support/lab.ts';
import { send } from './support/wire.ts';

const ADMIN = '198.51.100.7';
const STRANGER = '203.0.113.66';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
  await bench.lab.addVm(windowsVm('vm1'));
});
afterEach(() => bench.close());

const rule = (more: Partial<SecurityRule> = {}): SecurityRule => ({
  protocol: 'Tcp',
  access: 'Allow',
  direction: 'Inbound',
  priority: 310,
  sourcePortRange: '*',
  sourceAddressPrefix: ADMIN,
  destinationAddressPrefix: '*',
  destinationPortRange: '3389',
  ...more,
});
const put = (name: string, body: SecurityRule) =>
  bench.finish(bench.network.securityRules.createOrUpdate(GROUP, 'vm1-nsg', name, body));
const reach = (source: string, port = 3389): boolean => bench.lab.isReachable('vm1', source, port);

describe('reachability by NSG', () => {
  it('follows the rules of the NIC: open to all at first, closed on other ports', () => {
    expect([reach(ADMIN), reach(STRANGER), reach(STRANGER, 445)]).toEqual([true, true, false]);
  });

  it('changes when the rule is restricted to an address', async () => {
    await put('rdp', rule({ priority: 300 }));
    expect([reach(ADMIN), reach(STRANGER)]).toEqual([true, false]);
  });

  it('takes a whole number for the address that it is', async () => {
    await put('rdp', rule({ priority: 300, sourceAddressPrefix: '789' }));
    expect([reach('0.0.3.21'), reach(ADMIN)]).toEqual([true, false]);
  });

  it('obeys priority: a denial in front wins', async () => {
    await put('deny', rule({ access: 'Deny', priority: 200, sourceAddressPrefix: 'Internet' }));
    expect([reach(ADMIN), reach(`${bench.lab.addressPrefix}.1.77`)]).toEqual([false, true]);
  });

  it('understands lists, ranges and CIDR blocks', async () => {
    const { sourceAddressPrefix: _source, destinationPortRange: _port, ...rest } = rule({ priority: 300 });
    await put('rdp', {
      ...rest,
      sourceAddressPrefixes: ['192.0.2.0/24', '198.51.100.0/28'],
      destinationPortRanges: ['443', '3000-4000'],
    });
    expect([reach(ADMIN), reach('198.51.100.16'), reach(ADMIN, 443), reach(ADMIN, 4001)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it('needs both subnet and NIC to agree', async () => {
    await bench.lab.addVm(
      windowsVm('strict', { nsgRules: [{ name: 'none', priority: 100, access: 'Deny', ports: ['*'] }] }),
    );
    const [network] = bench.lab.store.virtualNetworks.within('/');
    const [subnet] = network?.subnets ?? [];
    const [strict] = bench.lab.store.networkSecurityGroups
      .within('/')
      .filter(({ name }) => name === 'strict-nsg');
    if (subnet && strict) subnet.networkSecurityGroup = strict.id;
    expect(reach(ADMIN)).toBe(false);
  });

  it('has no way from the Internet without a public address, or without any NSG on a Standard one', async () => {
    await bench.lab.addVm(windowsVm('private', { publicIp: false }));
    await bench.lab.addVm(windowsVm('bare', { nsgRules: [] }));
    expect(bench.lab.isReachable('private', ADMIN, 3389)).toBe(false);
    expect(bench.lab.isReachable('private', `${bench.lab.addressPrefix}.1.4`, 3389)).toBe(true);
    expect(bench.lab.isReachable('bare', ADMIN, 3389)).toBe(false);
  });

  it('gives guests the same view', async () => {
    const { surroundings } = bench.guests.of('vm1');
    await put('rdp', rule({ priority: 300 }));
    expect([surroundings.isReachable(ADMIN, 3389), surroundings.isReachable(STRANGER, 3389)]).toEqual([
      true,
      false,
    ]);
  });
});

describe('security rules', () => {
  it('are made, read, replaced and deleted', async () => {
    await put('extra', rule());
    await put('extra', rule({ destinationPortRange: '3390' }));
    expect(await bench.network.securityRules.get(GROUP, 'vm1-nsg', 'extra')).toMatchObject({
      destinationPortRange: '3390',
      priority: 310,
    });
    await bench.finish(bench.network.securityRules.delete(GROUP, 'vm1-nsg', 'extra'));
    expect(await refusalOf(bench.network.securityRules.get(GROUP, 'vm1-nsg', 'extra'))).toMatchObject({
      status: 404,
    });
  });

  it('stand beside the six default rules', async () => {
    const nsg = await bench.network.networkSecurityGroups.get(GROUP, 'vm1-nsg');
    expect(nsg.securityRules?.map(({ name }) => name)).toEqual(['rdp']);
    expect(nsg.defaultSecurityRules?.map(({ priority }) => priority)).toEqual([
      65000, 65001, 65500, 65000, 65001, 65500,
    ]);
  });

  it.each<[string, Partial<SecurityRule>, string]>([
    ['a taken priority', { priority: 300 }, 'SecurityRuleConflict'],
    ['a priority out of range', { priority: 99 }, 'InvalidParameter'],
    ['a bad port range', { destinationPortRange: '4000-3000' }, 'SecurityRuleInvalidPortRange'],
    ['a bad prefix', { sourceAddressPrefix: '198.51.100.0/40' }, 'SecurityRuleInvalidAddressPrefix'],
  ])('are refused with %s', async (_case, more, code) => {
    expect(await refusalOf(put('extra', rule(more)))).toMatchObject({ status: 400, code });
  });

  it('are refused while the group is busy', async () => {
    const hold = bench.clock.hold();
    const first = bench.network.securityRules.createOrUpdate(GROUP, 'vm1-nsg', 'a', rule());
    await first.poll();
    expect(await refusalOf(put('b', rule({ priority: 320 })))).toMatchObject({
      status: 409,
      code: 'AnotherOperationInProgress',
    });
    hold();
    await bench.finish(first);
  });
});

describe('network security groups', () => {
  it('are made with their rules, and deleted once nothing uses them', async () => {
    const made = await bench.finish(
      bench.network.networkSecurityGroups.createOrUpdate(GROUP, 'spare', {
        location: 'westeurope',
        securityRules: [{ name: 'rdp', ...rule() }],
      }),
    );
    expect(made.securityRules).toMatchObject([{ name: 'rdp', priority: 310 }]);
    await bench.finish(bench.network.networkSecurityGroups.delete(GROUP, 'spare'));
    expect(await refusalOf(bench.network.networkSecurityGroups.get(GROUP, 'spare'))).toMatchObject({
      status: 404,
    });
    expect(await refusalOf(bench.network.networkSecurityGroups.delete(GROUP, 'vm1-nsg'))).toMatchObject({
      status: 400,
      code: 'InUseNetworkSecurityGroupCannotBeDeleted',
    });
  });
});

describe('network interfaces', () => {
  it('keep their address and take a new NSG', async () => {
    const { id: _id, ...before } = await bench.network.networkInterfaces.get(GROUP, 'vm1-nic');
    await bench.lab.addVm(
      windowsVm('vm2', { nsgRules: [{ name: 'web', priority: 100, access: 'Allow', ports: ['443'] }] }),
    );
    const nsg = await bench.network.networkSecurityGroups.get(GROUP, 'vm2-nsg');
    const after = await bench.finish(
      bench.network.networkInterfaces.createOrUpdate(GROUP, 'vm1-nic', {
        ...before,
        networkSecurityGroup: { id: nsg.id ?? '' },
      }),
    );
    expect(after.ipConfigurations?.[0]?.privateIPAddress).toBe(
      before.ipConfigurations?.[0]?.privateIPAddress,
    );
    expect(after.virtualMachine?.id).toBe(bench.lab.vm('vm1').id);
    expect([reach(ADMIN, 3389), reach(ADMIN, 443)]).toEqual([false, true]);
  });

  it('cannot be deleted while a VM uses them', async () => {
    expect(await refusalOf(bench.network.networkInterfaces.delete(GROUP, 'vm1-nic'))).toMatchObject({
      status: 400,
      code: 'NicInUse',
    });
  });

  it('need a subnet that exists', async () => {
    const subnet = { id: `${bench.lab.store.virtualNetworks.within('/')[0]?.id ?? ''}/subnets/nowhere` };
    const refusal = await refusalOf(
      bench.network.networkInterfaces.createOrUpdate(GROUP, 'n', {
        location: 'westeurope',
        ipConfigurations: [{ name: 'i', subnet }],
      }),
    );
    expect(refusal).toMatchObject({ status: 400, code: 'InvalidResourceReference' });
  });

  it('have addresses of the lab’s own loopback block', async () => {
    const nic = await bench.network.networkInterfaces.get(GROUP, 'vm1-nic');
    const address = await bench.network.publicIPAddresses.get(GROUP, 'vm1-ip');
    expect(nic.ipConfigurations?.[0]?.privateIPAddress).toMatch(
      new RegExp(`^${bench.lab.addressPrefix}\\.1\\.`),
    );
    expect(address.ipAddress).toMatch(new RegExp(`^${bench.lab.addressPrefix}\\.128\\.`));
    expect(bench.guests.of('vm1').surroundings.address).toBe(address.ipAddress);
  });
});

describe('effective security rules', () => {
  const list = () =>
    bench.finish(bench.network.networkInterfaces.listEffectiveNetworkSecurityGroups(GROUP, 'vm1-nic'));

  it('come by priority, ports as ranges, names with their origin', async () => {
    const [group] = (await list()).value;
    const inbound = group?.effectiveSecurityRules?.filter(({ direction }) => direction === 'Inbound');
    expect(inbound?.map(({ name, destinationPortRange }) => [name, destinationPortRange])).toEqual([
      ['securityRules/rdp', '3389-3389'],
      ['defaultSecurityRules/AllowVnetInBound', '0-65535'],
      ['defaultSecurityRules/AllowAzureLoadBalancerInBound', '0-65535'],
      ['defaultSecurityRules/DenyAllInBound', '0-65535'],
    ]);
    expect(inbound?.[0]).toMatchObject({
      protocol: 'Tcp',
      sourceAddressPrefix: '0.0.0.0/0',
      access: 'Allow',
    });
  });

  it('are known for running VMs only', async () => {
    await bench.finish(bench.compute.virtualMachines.deallocate(GROUP, 'vm1'));
    expect(await refusalOf(list())).toMatchObject({
      status: 400,
      code: 'NicMustBeAttachedToRunningVmToGetEffectiveSecurityGroups',
    });
  });
});

describe('etags of the network', () => {
  it.each(['rule', 'nsg', 'nic'] as const)(
    'let a PUT of a %s through for the current one only',
    async (what) => {
      const paths = {
        rule: `${NETWORK}/networkSecurityGroups/vm1-nsg/securityRules/rdp`,
        nsg: `${NETWORK}/networkSecurityGroups/vm1-nsg`,
        nic: `${NETWORK}/networkInterfaces/vm1-nic`,
      };
      const path = `${paths[what]}?api-version=2026-01-01`;
      const { body } = await send(bench.lab, 'GET', path);
      const { etag } = z.object({ etag: z.string() }).parse(body);
      const put = async (): Promise<number> => {
        const { status } = await send(bench.lab, 'PUT', path, body, { 'If-Match': etag });
        await bench.clock.idle();
        return status;
      };
      expect(await put()).toBe(200);
      expect(await put()).toBe(412);
    },
  );
});
