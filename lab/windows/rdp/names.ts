import { hiveText } from '../hive.ts';
import { computerNameOf, domainOf } from '../machine/certificates.ts';
import { createInfo } from '../machine/info.ts';
import type { Running } from '../machine/running.ts';
import type { MachineNames } from './ntlm.ts';

const NETBIOS_LENGTH = 15;

/** What this Windows calls itself in an NTLM challenge. */
export function machineNames(running: Running): MachineNames {
  const { system, controlSet } = running;
  const computerName = computerNameOf(running);
  const host = hiveText(system, `${controlSet}\\Services\\Tcpip\\Parameters`, 'Hostname') ?? computerName;
  const domain = domainOf(running);
  const info = createInfo(running);
  return {
    netbios: computerName.toUpperCase().slice(0, NETBIOS_LENGTH),
    dns: domain === undefined ? host : `${host}.${domain}`,
    domain:
      domain === undefined
        ? undefined
        : { netbios: (domain.split('.')[0] ?? domain).toUpperCase().slice(0, NETBIOS_LENGTH), dns: domain },
    build: info.build,
    now: info.now(),
  };
}
