import type { GuestAction } from '../../../shared/model/finding.ts';
import { stepIdSchema, type RemediationRecord, type StepId } from '../../../shared/model/record.ts';
import { changesLeft, somethingStays } from '../../../shared/repair/changes-left.ts';
import { summarize } from '../../../shared/repair/verdict.ts';
import { fullRecord } from '../report/records.ts';

const GROUP = '/subscriptions/0000/resourceGroups/rg-fleet/providers';
const DISK = `${GROUP}/Microsoft.Compute/disks/found`;
const COPY = `${GROUP}/Microsoft.Compute/disks/copy`;
const RULE = `${GROUP}/Microsoft.Network/networkSecurityGroups/nsg/securityRules/allow-rdp`;
const PORT = String.raw`SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp\PortNumber`;

function action(what: string, target: string, before: string | null, after: string | null): GuestAction {
  return { what, target, before, after };
}

const stopped = action('stop service', 'Gateway', 'Running', 'Stopped');
const started = action('start service', 'Gateway', 'Stopped', 'Running');
const manual = action('set service start type', 'Gateway', 'Automatic', 'Manual');
const moved = action('set registry value', PORT, '3389', '3390');
const swapped = action('swap-os-disk', 'vm', DISK, COPY);
const down = action('deallocate-vm', 'vm', 'running', 'deallocated');

function record(
  steps: Partial<Record<StepId, GuestAction[]>>,
  more: Partial<RemediationRecord> = {},
): RemediationRecord {
  const full = fullRecord();
  const [template] = full.steps;
  if (!template) throw new Error('no step');
  const told = Object.entries(steps).map(([id, actions]) => ({
    ...template,
    id: stepIdSchema.parse(id),
    actions,
  }));
  return { ...full, originalDisk: undefined, undo: [], ...more, steps: told };
}

const back = (kind: 'undo-guest-changes' | 'restore-os-disk' | 'start-vm', ...actions: GuestAction[]) => ({
  kind,
  description: '',
  done: true,
  actions,
});

describe('What is different afterwards', () => {
  it.each<[string, RemediationRecord, unknown[][]]>([
    ['nothing was done', record({ 'rdp-port': [] }), []],
    [
      'a service gave its port to RDP',
      record({ 'rdp-port': [manual, stopped] }),
      [
        [
          'set service start type',
          'Set its start type back to Automatic.',
          "Set-Service -Name 'Gateway' -StartupType Automatic",
        ],
        ['stop service', 'Start it.', "Start-Service -Name 'Gateway'"],
      ],
    ],
    [
      'it gave its port, and got it back',
      record(
        { 'rdp-port': [manual, stopped] },
        { undo: [back('undo-guest-changes', { ...manual, before: 'Manual', after: 'Automatic' }, started)] },
      ),
      [],
    ],
    [
      'RDP moved twice',
      record({ 'rdp-port': [moved, { ...moved, before: '3390', after: '3391' }] }),
      [
        [
          'set registry value',
          expect.stringMatching(/^Set it back to 3389, /),
          String.raw`Set-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server\WinStations\RDP-Tcp' -Name 'PortNumber' -Value '3389'`,
          "Set-NetFirewallRule -Name 'RemoteDesktop-UserMode-In-TCP' -LocalPort '3389'",
          "Set-NetFirewallRule -Name 'RemoteDesktop-UserMode-In-UDP' -LocalPort '3389'",
          "Restart-Service -Name 'TermService' -Force",
        ],
      ],
    ],
    [
      'a certificate was deleted',
      record({ 'rdp-port': [action('delete certificate', 'AB', 'stored', null)] }),
      [['delete certificate', expect.stringContaining('Cannot be undone')]],
    ],
    [
      'a service was restarted',
      record({ 'rdp-port': [action('restart service', 'TermService', 'Running', 'Running')] }),
      [['restart service', '']],
    ],
    [
      'a service with a name of its own choice was stopped',
      record({ 'rdp-port': [{ ...stopped, target: "x'; calc" }] }),
      [['stop service', 'Start it (Start-Service).']],
    ],
    [
      'a VM was merely powered off on the way',
      record(
        { 'offline-repair': [action('power-off-vm', 'vm', 'running', 'stopped')] },
        { undo: [back('start-vm')] },
      ),
      [['power-off-vm', '']],
    ],
    ['a copy was rehearsed with', record({ rehearsal: [moved] }), []],
    [
      'the disk was exchanged',
      record({ 'offline-repair': [down, moved], restore: [swapped] }),
      [
        ['deallocate-vm', ''],
        ['set registry value', expect.any(String), ...Array<unknown>(4).fill(expect.any(String))],
        [
          'swap-os-disk',
          expect.stringContaining('Everything Windows wrote since then is lost'),
          expect.any(String),
          'az vm deallocate --resource-group rg-fleet --name tls-agent-not-ready',
          'az vm update --resource-group rg-fleet --name tls-agent-not-ready --os-disk found',
          'az vm start --resource-group rg-fleet --name tls-agent-not-ready',
        ],
      ],
    ],
    [
      'the disk was exchanged, and exchanged back',
      record(
        { 'offline-repair': [down, moved], restore: [swapped] },
        { undo: [back('restore-os-disk'), back('start-vm')] },
      ),
      [['deallocate-vm', '']],
    ],
    [
      'the repaired copy never came under the VM',
      record({ 'offline-repair': [down, moved] }, { undo: [back('start-vm')] }),
      [['deallocate-vm', '']],
    ],
    [
      'the VM could not be started again',
      record({ 'offline-repair': [down] }, { undo: [{ ...back('start-vm'), done: false }] }),
      [
        [
          'deallocate-vm',
          'Start the VM.',
          expect.stringMatching(/^az account set /),
          'az vm start --resource-group rg-fleet --name tls-agent-not-ready',
        ],
      ],
    ],
    [
      'the VM was built again, and again',
      record({ restore: [action('rebuild-vm', 'vm', DISK, COPY)] }, { undo: [back('restore-os-disk')] }),
      [['rebuild-vm', expect.stringContaining('its original disk')]],
    ],
    [
      'a dynamic address was another twice',
      record(
        { verify: [action('change-public-address', '/nic', '192.0.2.1', '192.0.2.2')] },
        {
          undo: [back('start-vm', action('change-public-address', '/nic', '192.0.2.2', '192.0.2.3'))],
        },
      ),
      [['change-public-address', expect.stringContaining('cannot be requested again')]],
    ],
    [
      'a rule was added',
      record({ 'rdp-security': [action('add-security-rule', RULE, null, 'Allow')] }),
      [
        [
          'add-security-rule',
          'Delete the rule.',
          'az account set --subscription 0000',
          'az network nsg rule delete --resource-group rg-fleet --nsg-name nsg --name allow-rdp',
        ],
      ],
    ],
    [
      'a rule was added, and deleted again',
      record(
        { 'rdp-security': [action('add-security-rule', RULE, null, 'Allow')] },
        { undo: [back('undo-guest-changes', action('delete-security-rule', RULE, 'Allow', null))] },
      ),
      [],
    ],
  ])('is told where %s', (_what, told, expected) => {
    const left = changesLeft(told);
    expect(
      left.map(({ what, takeBack, commands = [] }) => [what, takeBack, ...(commands[0]?.lines ?? [])]),
    ).toEqual(expected);
  });

  it('names the value as it was found, and as it is', () => {
    const [left] = changesLeft(record({ 'rdp-port': [moved, { ...moved, before: '3390', after: '3391' }] }));
    expect(left).toMatchObject({ before: '3389', after: '3391' });
  });

  it('gives a narrowed rule back its sources and destinations', () => {
    const rule = action('restrict-security-rule', RULE, 'Allow *', 'Allow 10.0.0.0/8');
    const base = { id: RULE, name: 'allow-rdp', networkSecurityGroupId: '/networkSecurityGroups/nsg' };
    const one = {
      ...base,
      description: '',
      direction: 'Inbound' as const,
      access: 'Allow' as const,
      protocol: 'Tcp',
      priority: 300,
      sourcePorts: ['*'],
      destinationPorts: ['3389'],
      sourceGroups: [],
      destinationGroups: [],
      destinations: ['*'],
    };
    const changedRules = [{ before: { ...one, sources: ['*'] }, after: { ...one, sources: ['10.0.0.0/8'] } }];
    expect(changesLeft(record({ 'rdp-security': [rule] }, { changedRules }))).toMatchObject([
      {
        takeBack: 'Restore the sources and destinations of the rule.',
        commands: [
          {
            tool: 'az',
            lines: [
              expect.any(String),
              "az network nsg rule update --resource-group rg-fleet --nsg-name nsg --name allow-rdp --source-address-prefixes '*' --destination-address-prefixes '*'",
            ],
          },
          {
            tool: 'az-powershell',
            lines: expect.arrayContaining(["$rule.SourceAddressPrefix = [string[]]@('*')"]),
          },
        ],
      },
    ]);
  });
});

describe('The verdict of a repair that did not help', () => {
  it.each<[string, RemediationRecord, string]>([
    ['nothing stays', record({ 'rdp-port': [] }), 'the VM is unchanged.'],
    ['it was restarted', record({ 'rdp-port': [down] }), 'unchanged, apart from restarts.'],
    ['one thing stays', record({ 'rdp-port': [manual] }), '1 change remains (the report lists what'],
    ['two things stay', record({ 'rdp-port': [manual, stopped] }), '2 changes remain'],
  ])('says how the VM is where %s', (_what, told, sentence) => {
    const changes = changesLeft(told);
    const ended = { ...told, errors: [], changes };
    expect(somethingStays(changes)).toBe(/changes? remain/.test(sentence));
    for (const kind of ['not-fixed', 'cancelled'] as const)
      expect(summarize(kind, ended, undefined)).toContain(sentence);
  });
});
