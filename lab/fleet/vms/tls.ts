import { disableAgent } from '../faults/settings.ts';
import { disableTls, disableTlsByPolicy } from '../faults/tls.ts';
import type { FleetVm } from '../fleet-vm.ts';
import { DOMAIN, windowsVm } from '../windows-vm.ts';

/** TLS is switched off: by hand, by the domain, and where no script can be sent. */
export function tlsVms(now: number): FleetVm[] {
  return [
    {
      spec: windowsVm({ name: 'tls', generation: 'V2', now, faults: [disableTls], azure: { zone: '3' } }),
      brokenBy: 'TLS is disabled',
      cause: 'tls',
      expected: { kind: 'repaired-online', step: 'tls' },
    },
    {
      spec: windowsVm({
        name: 'tls-policy',
        generation: 'V2',
        now,
        domain: DOMAIN,
        faults: [disableTlsByPolicy],
      }),
      brokenBy: 'the domain disables TLS with every policy refresh',
      cause: 'tls',
      expected: { kind: 'set-by-policy', step: 'tls' },
    },
    {
      spec: windowsVm({
        name: 'tls-agent-not-ready',
        generation: 'V1',
        now,
        // An old VM that fell back once: the first control set is history.
        controlSets: [1, 2],
        faults: [disableTls, disableAgent],
      }),
      brokenBy: 'TLS is disabled, and the VM agent does not answer',
      cause: 'tls',
      expected: { kind: 'repaired-offline', step: 'offline-repair' },
    },
  ];
}
