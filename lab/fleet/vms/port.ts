import { takePort } from '../faults/port.ts';
import type { FleetVm } from '../fleet-vm.ts';
import { windowsVm } from '../windows-vm.ts';

/** Another program uses the RDP port; one gives way, one does not. */
export function portVms(now: number): FleetVm[] {
  const repaired = { kind: 'repaired-online', step: 'rdp-port' } as const;
  return [
    {
      spec: windowsVm({
        name: 'rdp-port',
        generation: 'V2',
        now,
        faults: [
          (disk) => {
            takePort(disk, {
              service: 'ContosoWebGateway',
              displayName: 'Contoso Web Gateway',
              stubborn: false,
            });
          },
        ],
      }),
      brokenBy: 'a web gateway listens on 3389',
      cause: 'rdp-port',
      expected: repaired,
    },
    {
      spec: windowsVm({
        name: 'rdp-port-stubborn',
        generation: 'V1',
        now,
        language: 'de-DE',
        faults: [
          (disk) => {
            takePort(disk, {
              service: 'ContosoLicense',
              displayName: 'Contoso-Lizenzdienst',
              stubborn: true,
            });
          },
        ],
        azure: { publicIpAllocation: 'Dynamic' },
      }),
      brokenBy: 'a licence service listens on 3389 and cannot be stopped',
      cause: 'rdp-port',
      expected: repaired,
    },
  ];
}
