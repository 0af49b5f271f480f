import { disableTls } from '../faults/tls.ts';
import type { FleetVm } from '../fleet-vm.ts';
import { windowsVm, type WindowsVmOptions } from '../windows-vm.ts';

interface Row {
  name: string;
  brokenBy: string;
  azure: NonNullable<WindowsVmOptions['azure']>;
}

const ROWS: readonly Row[] = [
  { name: 'locked', brokenBy: 'a ReadOnly lock', azure: { locks: [{ name: 'keep', level: 'ReadOnly' }] } },
  { name: 'ephemeral', brokenBy: 'an ephemeral OS disk', azure: { ephemeralOsDisk: true } },
  { name: 'unmanaged', brokenBy: 'an unmanaged OS disk', azure: { unmanagedOsDisk: true } },
];

/** TLS is disabled on each, and Azure forbids what a repair would take: said before anything is touched. */
export function refusedVms(now: number): FleetVm[] {
  return ROWS.map(({ name, brokenBy, azure }) => ({
    spec: windowsVm({ name, generation: 'V2', now, faults: [disableTls], azure }),
    brokenBy: `TLS is disabled, and ${brokenBy} forbids a repair`,
    cause: 'tls',
    expected: { kind: 'refused' },
  }));
}
