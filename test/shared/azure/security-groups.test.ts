import { inspectVm } from '../../../shared/azure/inspect-vm.ts';
import { networkSecurityGroupPaths, readSecurityRules } from '../../../shared/azure/security-rules.ts';
import { windowsVm } from '../../lab/arm/support/lab.ts';
import { startAzureBench, type AzureBench } from './bench.ts';

const RULE = { name: 'rdp', priority: 300, access: 'Allow', sources: ['*'], ports: ['3389'] } as const;
const nsgRules = [{ ...RULE, sources: [...RULE.sources], ports: [...RULE.ports] }];

let bench: AzureBench;
let own: string;
beforeEach(async () => {
  bench = await startAzureBench({ nsgRules, otherNics: [{ name: 'second' }] });
  await bench.lab.addVm(windowsVm('other', { nsgRules }));
  own = groupOf(0);
  cards()[1]!.properties.networkSecurityGroup = { id: own };
});
afterEach(() => bench.close());

const groupOf = (index: number): string => bench.lab.store.networkSecurityGroups.within('/')[index]?.id ?? '';

/** Network cards of the VM, those of the other one last. */
const cards = () => {
  const all = bench.lab.store.networkInterfaces.within('/');
  const isOthers = ({ id }: { id: string }): boolean => id.includes('/other');
  return [...all.filter((nic) => !isOthers(nic)), ...all.filter(isOthers)];
};

/** The groups that a packet to each of its cards passes, and whether the VM's own is shared with somebody. */
async function read(): Promise<{ paths: string[][]; shared: boolean }> {
  const { azure } = bench.acting;
  const vm = await inspectVm(azure, bench.vmId);
  const { shared, rules } = await readSecurityRules(azure, own, vm);
  expect(rules.map(({ name, id }) => [name, id])).toEqual([['rdp', `${own}/securityRules/rdp`]]);
  return { paths: await networkSecurityGroupPaths(azure, vm), shared };
}

describe('the security group before the cards of a VM', () => {
  it('is its own where it stands before them alone', async () => {
    expect(await read()).toEqual({ paths: [[own], [own]], shared: false });
  });

  it('is spelled in one way, however each card spells it', async () => {
    cards()[1]!.properties.networkSecurityGroup = { id: own.toUpperCase() };
    expect(await read()).toEqual({ paths: [[own], [own]], shared: false });
  });

  it('is shared where it stands before the card of another VM', async () => {
    cards()[2]!.properties.networkSecurityGroup = { id: own };
    expect(await read()).toEqual({ paths: [[own], [own]], shared: true });
  });

  it('is shared where one of its cards has another', async () => {
    cards()[1]!.properties.networkSecurityGroup = { id: groupOf(1) };
    expect(await read()).toEqual({ paths: [[own], [groupOf(1)]], shared: true });
  });

  it('is shared where one of its cards has none', async () => {
    delete cards()[1]!.properties.networkSecurityGroup;
    expect(await read()).toEqual({ paths: [[own], []], shared: true });
  });

  it('is shared where it stands before a subnet, whose own comes after the card’s', async () => {
    const [network] = bench.lab.store.virtualNetworks.within('/');
    for (const subnet of network?.subnets ?? []) subnet.networkSecurityGroup = groupOf(1);
    expect((await read()).paths).toEqual([
      [own, groupOf(1)],
      [own, groupOf(1)],
    ]);
    for (const subnet of network?.subnets ?? []) subnet.networkSecurityGroup = own;
    expect((await read()).shared).toBe(true);
  });
});
