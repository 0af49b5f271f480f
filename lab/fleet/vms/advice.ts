import { expired, giveCertificate } from '../faults/certificate.ts';
import { endLicensing, fillDisk, setClockOff } from '../faults/machine.ts';
import { removeService } from '../faults/services.ts';
import type { FleetVm } from '../fleet-vm.ts';
import { DOMAIN, windowsVm } from '../windows-vm.ts';

const HOURS = 3600;

/** What only a person can mend: it is found and named, and nothing is changed. Where RDP answers all the same, it is well on the wire. */
export function adviceVms(now: number): FleetVm[] {
  return [
    {
      spec: windowsVm({
        name: 'term-service-missing',
        generation: 'V2',
        now,
        faults: [removeService('TermService')],
      }),
      brokenBy: 'the service of Remote Desktop is gone from the registry',
      cause: 'term-service-missing',
      expected: { kind: 'not-fixed' },
    },
    {
      spec: windowsVm({
        name: 'disk-full',
        generation: 'V2',
        now,
        faults: [(disk) => giveCertificate(disk, expired(now)), fillDisk],
      }),
      brokenBy: 'the disk is full, so that the expired certificate cannot be replaced',
      cause: 'disk-full',
      expected: { kind: 'not-fixed' },
    },
    {
      spec: windowsVm({
        name: 'clock-skew',
        generation: 'V2',
        now,
        domain: DOMAIN,
        faults: [setClockOff(2 * HOURS)],
      }),
      brokenBy: 'the clock is two hours ahead: no account of the domain can log on',
      cause: 'clock-skew',
      expected: { kind: 'healthy' },
    },
    {
      spec: windowsVm({ name: 'rds-licensing', generation: 'V2', now, faults: [endLicensing] }),
      brokenBy: 'the grace period of the session host is over: sessions are cut off',
      cause: 'rds-licensing',
      expected: { kind: 'healthy' },
    },
  ];
}
