import * as z from 'zod';
import { readRoleDefinition } from '../../lab/arm/access/roles.ts';
import { LAB_GROUP_ID } from '../../lab/arm/start-lab.ts';
import { fleetVm } from '../../lab/fleet/index.ts';
import { run } from './support/command.ts';
import { openOwnLab, type OwnLab } from './support/own-lab.ts';

const now = Date.now();
const role = readRoleDefinition();
const CATALOGUE = ['Microsoft.Compute/skus/read', 'Microsoft.Compute/locations/usages/read'];

let own: OwnLab;
beforeAll(async () => {
  const healthy = fleetVm('healthy', { now }).spec;
  own = await openOwnLab([
    healthy,
    fleetVm('stopped', { now }).spec,
    { ...healthy, resourceGroup: 'rg-other' },
  ]);
});
afterAll(() => own.close());

const VM = (): string => own.lab.vm('healthy').id;
const checksSchema = z.object({
  checks: z.array(
    z.object({ name: z.string(), state: z.string(), says: z.string(), mend: z.array(z.string()) }),
  ),
});
const doctor = async (words: readonly string[], env: Record<string, string> = {}) => {
  const { code, output } = await run(['doctor', '--local', '--json', ...words], { ...own.env, ...env });
  return { code, ...checksSchema.parse(JSON.parse(output)) };
};

describe('doctor --local', () => {
  it('finds nothing missing where all is granted', async () => {
    const { code, checks } = await doctor([VM()]);
    expect(checks.map(({ name, state }) => [name, state])).toEqual([
      ['settings', 'ok'],
      ['policy', 'ok'],
      ['evidence', 'ok'],
      ['sign-in', 'ok'],
      ['VM', 'ok'],
      ['rights', 'ok'],
      ['size and quota', 'ok'],
      ['reachability', 'ok'],
    ]);
    expect(code).toBe(0);
  });

  it('names each right that is missing, where, and the command that grants it', async () => {
    own.lab.redefineRole({
      Actions: role.Actions,
      NotActions: ['Microsoft.Compute/virtualMachines/deallocate/action'],
    });
    const { code, checks } = await doctor([VM()]);
    expect(code).toBe(3);
    expect(checks.filter(({ state }) => state === 'missing')).toEqual([
      {
        name: 'rights',
        state: 'missing',
        says: expect.stringMatching(
          /^Missing on .*virtualmachines\/healthy: Microsoft\.Compute\/virtualMachines\/deallocate\/action\.$/,
        ),
        mend: [
          expect.stringMatching(
            /^az role assignment create --assignee .* --scope \/subscriptions\/[^/]+\/resourcegroups\/rg-fleet$/,
          ),
        ],
      },
    ]);
    // Less is asked of who wants less.
    expect((await doctor([VM(), '--mode', 'online'])).code).toBe(0);
  });

  it('says before a repair which rescue VM would fit, and that the size that is set would not', async () => {
    own.lab.redefineRole({ Actions: role.Actions, NotActions: [] });
    const sizeIs = async (state: string, says: RegExp, env: Record<string, string> = {}): Promise<void> => {
      expect((await doctor([VM()], env)).checks).toContainEqual(
        expect.objectContaining({ state, says: expect.stringMatching(says) }),
      );
    };
    await sizeIs('ok', /^The rescue VM \(Standard_D2s_v5\) is available/);
    await sizeIs('warning', /Standard_D2s_v6, is not available .* Standard_D2s_v5 will be tried next/, {
      RDP_MEDIC_RESCUE_VM_SIZE: 'Standard_D2s_v6',
    });
    own.lab.catalogue.quota.set('standardDSv5Family', 5);
    await sizeIs('ok', /^The rescue VM \(Standard_D2as_v5\) is available/);
    own.lab.catalogue.quota.set('cores', 5);
    await sizeIs('missing', /^No size suitable/);
    own.lab.redefineRole({ Actions: role.Actions, NotActions: CATALOGUE });
    await sizeIs('unknown', /^VM sizes and quota cannot be read/);
  });

  it.each<[string, Record<string, string>, string[], string, RegExp]>([
    [
      'a setting that is misspelt',
      { RDP_MEDIC_KILLSWITCH: 'on' },
      [],
      'settings',
      /RDP_MEDIC_KILLSWITCH is not a known setting/,
    ],
    [
      'a policy that cannot be read',
      { RDP_MEDIC_POLICY: '/nowhere.json' },
      [],
      'settings',
      /nowhere\.json is invalid/,
    ],
    ['the kill switch', { RDP_MEDIC_KILL_SWITCH: 'on' }, [], 'policy', /kill switch is on/],
    ['no sign-in', { IDENTITY_HEADER: 'another' }, [], 'sign-in', /Could not get a token for Azure/],
    ['a VM that is stopped', {}, ['stopped'], 'VM', /VmNotRunning/],
    ['a VM that is not there', {}, ['nobody'], 'VM', /No VM is called nobody/],
  ])('says how to mend %s', async (_what, env, words, name, says) => {
    const { code, checks } = await doctor(words, env);
    expect(code).toBe(3);
    const found = checks.find((check) => check.name === name && check.state === 'missing');
    expect(found?.says).toMatch(says);
    expect(found?.mend.join('')).not.toBe('');
  });
});

it('a name that several VMs have is none: they are listed, and nothing is started', async () => {
  const { code, errors } = await run(['repair', '--local', 'healthy', '--yes'], own.env);
  expect(code).toBe(2);
  expect(errors).toMatch(
    /2 VMs are called healthy:\n( {2}\/subscriptions\/.*\n){2}Use the id of the one you mean\./,
  );
  expect(errors).toContain(`${LAB_GROUP_ID}/providers/Microsoft.Compute/virtualMachines/healthy`);
});
