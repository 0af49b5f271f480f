import { LAB_GROUP_ID, type Lab } from '../../lab/arm/start-lab.ts';
import { probeRdp } from '../../shared/probe/probe.ts';
import type { ProbeResult } from '../../shared/model/probe.ts';
import type { FleetVm } from '../../lab/fleet/index.ts';
import { table } from '../terminal/screen.ts';

/** Public address of a VM; a dynamic one is gone while the VM is deallocated. */
export function addressOf(lab: Lab, name: string): string | undefined {
  return lab.store.publicIpAddresses.within(LAB_GROUP_ID).find((ip) => ip.name === `${name}-ip`)?.ipAddress;
}

/** What RDP on a VM says, asked by the same probe as the service's. */
export async function askRdp(lab: Lab, name: string, port = 3389): Promise<ProbeResult> {
  const address = addressOf(lab, name) ?? '';
  if (address === '') return { state: 'filtered', address, port, detail: 'It has no address.' };
  return probeRdp({ address, port }, { timeoutMs: 2000, now: () => lab.clock.now() });
}

/** The fleet with what is broken and what RDP says, as a table. */
export async function fleetTable(lab: Lab, fleet: readonly FleetVm[]): Promise<string> {
  const rows = await Promise.all(
    fleet.map(async ({ spec, brokenBy }) => {
      const running = lab.vm(spec.name).power === 'running' && spec.osType !== 'Linux';
      const rdp = running ? (await askRdp(lab, spec.name)).state : '-';
      return [spec.name, `${addressOf(lab, spec.name) ?? '-'}:3389`, rdp, brokenBy || 'nothing'];
    }),
  );
  return table(['VM', 'RDP at', 'answers', 'what is broken'], rows);
}
