import type { RemediationRecord, StepRecord } from '../../../shared/model/record.ts';

const VM =
  '/subscriptions/00000000-0000-4000-8000-000000000001/resourcegroups/rg-fleet/providers/microsoft.compute/virtualmachines/tls-agent-not-ready';
const DISKS = VM.replace('virtualmachines/tls-agent-not-ready', 'disks');

function step(
  id: StepRecord['id'],
  title: string,
  minutes: [number, number],
  more: Partial<StepRecord>,
): StepRecord {
  const at = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 12, 0, minute * 60)).toISOString();
  return {
    id,
    title,
    state: 'done',
    startedAt: at(minutes[0]),
    endedAt: at(minutes[1]),
    findings: [],
    actions: [],
    remaining: [],
    evidence: [],
    detail: '',
    ...more,
  };
}

/** Who carried it on. */
const OWNER = { hub: 'TestHub', instance: 'vm-1', epoch: 1, nextSignBy: '2026-03-01T15:00:00.000Z' };

/** A remediation that went through everything: online in vain, then offline, and it left something behind. */
export function fullRecord(): RemediationRecord {
  const tlsOff = {
    cause: 'tls',
    code: 'TlsServerDisabled',
    severity: 'fault',
    detail: 'TLS 1.2 is switched off for servers.',
    data: { version: '1.2', enabled: 0 },
  } as const;
  const open = {
    cause: 'open-to-internet',
    code: 'RdpOpenToInternet',
    severity: 'warning',
    detail: 'The rule allow-rdp lets * reach port 3389.',
    data: {},
  } as const;
  return {
    schema: 1,
    id: 'rem-4f1c2a9b7d3e-2',
    attempt: 2,
    owner: OWNER,
    vm: {
      id: VM,
      name: 'tls-agent-not-ready',
      resourceGroup: 'rg-fleet',
      subscriptionId: '00000000-0000-4000-8000-000000000001',
      location: 'westeurope',
      generation: 'V2',
      osVersion: 'Windows Server 2022 Datacenter',
    },
    request: {
      vmId: VM,
      source: { kind: 'alert', name: 'rdp-unavailable', id: 'alert-77' },
      mode: 'full',
      options: {
        adminAddresses: ['203.0.113.0/24'],
        restoreWay: 'swap',
        acceptLosses: [],
        newRdpPort: 3390,
        legacyTls: true,
        peerVmId: VM.replace('tls-agent-not-ready', 'peer'),
        keepDays: 7,
      },
    },
    startedAt: '2026-03-01T12:00:00.000Z',
    endedAt: '2026-03-01T12:26:40.000Z',
    phase: 'ended',
    outcome: {
      kind: 'repaired-offline',
      summary:
        'RDP on tls-agent-not-ready answers again; a copy of its OS disk was repaired and put under the VM.',
      causes: ['tls', 'open-to-internet'],
      rdpPort: 3389,
    },
    refusals: [
      {
        code: 'ReadOnlyLock',
        message: 'A lock forbids changes.',
        next: 'Remove the lock, then start again.',
      },
    ],
    plan: {
      lines: [
        'Snapshot the OS disk.',
        'Repair TLS on a copy of the disk, from a rescue VM.',
        'Swap the OS disk.',
      ],
      downtime: 'About 25 minutes, while the disk is repaired.',
      losses: ['The temporary disk (D:).', 'The dynamic public IP address.'],
      costs: ['Rescue VM: about $0.05.'],
    },
    rehearsed: { seconds: 150, downtimeSeconds: 450 },
    approvals: [
      {
        about: 'offline',
        approved: true,
        by: 'ada@example.com',
        at: '2026-03-01T12:03:40.000Z',
        plan: 'c'.repeat(64),
      },
    ],
    outages: [
      {
        why: 'offline-repair',
        from: '2026-03-01T12:03:45.000Z',
        runningAt: '2026-03-01T12:22:00.000Z',
        answeredAt: '2026-03-01T12:24:15.000Z',
      },
    ],
    probeBefore: {
      state: 'tls-failed',
      address: '203.0.113.17',
      port: 3389,
      detail: 'RDP answers, but the TLS handshake fails (ECONNRESET).',
      protocol: 'hybrid',
      failureCode: 'SSL_CERT_NOT_ON_SERVER',
    },
    probeAfter: {
      state: 'healthy',
      address: '203.0.113.17',
      port: 3389,
      detail: 'RDP responds with TLS 1.3 and NLA as TLS-AGENT-NOT-R.',
      protocol: 'hybrid',
      tlsVersion: 'TLSv1.3',
      certificate: {
        subject: 'CN=tls-agent-not-ready',
        thumbprint: '93D7191D72196C15C3657F5AFA427442B0E165DB',
        notBefore: '2026-02-28T10:00:00.000Z',
        notAfter: '2026-08-30T10:00:00.000Z',
      },
      machine: {
        computerName: 'TLS-AGENT-NOT-R',
        dnsName: 'tls-agent-not-r.contoso.example',
        domain: 'contoso.example',
        build: '10.0.20348',
        time: '2026-03-01T10:25:00.000Z',
      },
    },
    snapshot: {
      id: `${DISKS.replace('disks', 'snapshots')}/snap-rem-4f1c2a9b7d3e-2`,
      name: 'snap-rem-4f1c2a9b7d3e-2',
      expiresAt: '2026-03-08T12:00:00.000Z',
    },
    originalDisk: { id: `${DISKS}/os-tls-agent-not-ready`, keptUntil: '2026-03-08T12:20:00.000Z' },
    steps: [
      step('preflight', 'Preflight', [0, 0.1], {
        detail: 'The VM can be repaired by a swap of its OS disk.',
      }),
      step('snapshot', 'Snapshot of the OS disk', [0.1, 1.5], {}),
      step('rdp-security', 'RDP security', [1.5, 3], {
        state: 'fixed',
        findings: [open],
        actions: [
          {
            what: 'restrict-security-rule',
            target: 'nsg-fleet/allow-rdp',
            before: '*',
            after: '203.0.113.0/24',
          },
        ],
        probe: {
          state: 'tls-failed',
          address: '203.0.113.17',
          port: 3389,
          detail: 'RDP answers, but the TLS handshake fails (ECONNRESET).',
        },
      }),
      step('rdp-port', 'RDP port', [3, 3], {
        state: 'skipped',
        detail: 'The VM agent does not report Ready.',
      }),
      step('tls', 'TLS', [3, 3.5], {
        state: 'failed',
        findings: [tlsOff],
        remaining: [tlsOff],
        error: { code: 'AgentNotReady', message: 'The VM agent is not ready.', next: 'Go offline.' },
      }),
      step('offline-repair', 'Offline repair', [3.5, 19], {
        state: 'fixed',
        findings: [tlsOff],
        actions: [
          {
            what: 'set registry value',
            target: String.raw`ControlSet001\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Server\Enabled`,
            before: '0',
            after: '1',
          },
          {
            what: 'set registry value',
            target: String.raw`ControlSet001\Control\CrashControl\NMICrashDump`,
            before: null,
            after: '1',
          },
          {
            what: 'set permissions',
            target: String.raw`C:\ProgramData\Microsoft\Crypto\RSA\MachineKeys`,
            before: 'D:PAI(A;;FA;;;BA)(D;;FR;;;NS)',
            after: 'D:PAI(A;;FA;;;BA)(A;;FA;;;SY)(A;;0x12019f;;;WD)',
          },
          { what: 'restart-vm', target: 'tls-agent-not-ready', before: null, after: null },
        ],
        evidence: [
          {
            name: 'offline-tls.log',
            url: 'https://example.blob.core.windows.net/remediations/offline-tls.log',
          },
        ],
      }),
      step('restore', 'Swap of the OS disk', [19, 22], {
        actions: [
          {
            what: 'swap-os-disk',
            target: 'tls-agent-not-ready',
            before: `${DISKS}/os-tls-agent-not-ready`,
            after: `${DISKS}/copy-4f1c2a9b7d3e`,
          },
        ],
      }),
      step('verify', 'Verification', [22, 25], { detail: 'RDP answers.' }),
      step('clean-up', 'Clean-up', [25, 26.6], {}),
    ],
    undo: [
      {
        description: 'Put the security rule back',
        done: true,
        startedAt: '2026-03-01T12:25:00.000Z',
        endedAt: '2026-03-01T12:25:20.000Z',
      },
      {
        description: 'Start the VM',
        done: false,
        error: { code: 'Conflict', message: 'Another operation goes on.' },
      },
    ],
    cleanup: {
      removed: [VM.replace('tls-agent-not-ready', 'rescue-4f1c2a9b7d3e')],
      kept: [`${DISKS}/os-tls-agent-not-ready`],
      leftovers: [`${DISKS}/copy-4f1c2a9b7d3e`],
    },
    errors: [{ code: 'AgentNotReady', message: 'The VM agent does not answer.', next: 'Reinstall it.' }],
    warnings: ['The VM agent does not report Ready: the repair went offline at once.'],
    advice: [
      'Ask the customer to log on with Remote Desktop.',
      'To roll back to the original OS disk, until 2026-03-08.',
    ],
    instructions: [
      {
        words: 'To roll back to the original OS disk, until 2026-03-08.',
        commands: [
          {
            tool: 'az',
            lines: [
              'az account set --subscription 00000000-0000-4000-8000-000000000001',
              'az vm start --resource-group rg-fleet --name tls-agent-not-ready',
            ],
          },
        ],
      },
    ],
  };
}

/** The least a record can hold: a remediation that has just begun. */
export function youngRecord(): RemediationRecord {
  const { schema, id, attempt, request, startedAt, vm } = fullRecord();
  return {
    schema,
    id,
    attempt,
    vm: { id: vm.id, name: vm.name, resourceGroup: vm.resourceGroup, subscriptionId: vm.subscriptionId },
    request,
    owner: OWNER,
    startedAt,
    phase: 'preflight',
    refusals: [],
    steps: [],
    undo: [],
    cleanup: { removed: [], kept: [], leftovers: [] },
    errors: [],
    warnings: [],
    advice: [],
  };
}
