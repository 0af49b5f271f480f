import { expired, giveCertificate, guardStore } from '../faults/certificate.ts';
import { lockMachineKeys } from '../faults/machine-keys.ts';
import type { FleetVm } from '../fleet-vm.ts';
import { DOMAIN, windowsVm } from '../windows-vm.ts';

/** The certificate is too old, or its key cannot be read. */
export function certificateVms(now: number): FleetVm[] {
  const repaired = { kind: 'repaired-online', step: 'certificate-and-keys' } as const;
  return [
    {
      spec: windowsVm({
        name: 'rdp-certificate',
        generation: 'V2',
        now,
        faults: [(disk) => giveCertificate(disk, expired(now))],
      }),
      brokenBy: 'the self-signed certificate has expired',
      cause: 'rdp-certificate',
      expected: repaired,
    },
    {
      spec: windowsVm({
        name: 'rdp-certificate-peer',
        generation: 'V2',
        now,
        domain: DOMAIN,
        administrators: ['CONTOSO\\PEER$', 'CONTOSO\\Domain Admins'],
        faults: [(disk) => giveCertificate(disk, expired(now)), guardStore],
      }),
      brokenBy: 'the certificate has expired, and nothing on the VM may delete it',
      cause: 'rdp-certificate',
      expected: repaired,
    },
    {
      spec: windowsVm({
        name: 'machine-keys',
        generation: 'V1',
        now,
        language: 'de-DE',
        faults: [lockMachineKeys],
      }),
      brokenBy: 'nobody may read MachineKeys',
      cause: 'machine-keys',
      expected: repaired,
    },
  ];
}
