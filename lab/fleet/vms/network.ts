import type { FleetVm } from '../fleet-vm.ts';
import { windowsVm } from '../windows-vm.ts';

/** RDP stands open to the world and is hammered: it answers once only administrators get in. */
export function networkVms(now: number): FleetVm[] {
  return [
    {
      spec: windowsVm({
        name: 'open-to-internet',
        generation: 'V2',
        now,
        azure: {
          nsgRules: [
            { name: 'allow-rdp-any', priority: 300, access: 'Allow', sources: ['*'], ports: ['3389'] },
          ],
          attackers: ['203.0.113.11', '203.0.113.77', '192.0.2.54'],
        },
      }),
      brokenBy: 'RDP is open to the Internet and under attack',
      cause: 'open-to-internet',
      expected: { kind: 'repaired-online', step: 'rdp-security' },
    },
  ];
}
