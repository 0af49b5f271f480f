import type { Lab } from '../arm/start-lab.ts';
import { BREAK_NAMES, isBreakName, type BreakName } from './break-names.ts';
import { expired, giveCertificate } from './faults/certificate.ts';
import type { Fault } from './faults/fault.ts';
import { blockPort, limitRdpRule } from './faults/firewall.ts';
import { lockMachineKeys, removeMachineKeys } from './faults/machine-keys.ts';
import { disableService, fallSilent, foreignService, removeService } from './faults/services.ts';
import {
  closeFirewall,
  denyConnections,
  disableAgent,
  disableListener,
  disableTermService,
  weakenSecurityLayer,
} from './faults/settings.ts';
import { allowOnlyEcdsaByPolicy, disableTls, switchOffAlgorithms } from './faults/tls.ts';

const RDP_PORT = 3389;

const BREAKS: Readonly<Record<BreakName, (now: number) => Fault>> = {
  'rdp-denied': () => denyConnections,
  'rdp-listener': () => disableListener,
  'term-service': () => disableTermService,
  'term-service-missing': () => removeService('TermService'),
  'term-service-silent': () => fallSilent,
  'rdp-port': () => foreignService({ name: 'ContosoListener', port: RDP_PORT }),
  'rdp-firewall': () => closeFirewall,
  'firewall-rule-scope': () => limitRdpRule({ profile: 'Domain' }),
  'firewall-block-rule': () => blockPort(RDP_PORT),
  'crypto-services': () => (disk) => {
    for (const service of ['KeyIso', 'CryptSvc', 'CertPropSvc']) disableService(service)(disk);
  },
  'machine-keys': () => lockMachineKeys,
  'machine-keys-missing': () => removeMachineKeys,
  'rdp-certificate': (now) => (disk) => void giveCertificate(disk, expired(now)),
  tls: () => disableTls,
  'cipher-suites': () => allowOnlyEcdsaByPolicy,
  'schannel-algorithms': () => switchOffAlgorithms('Ciphers', 'AES 128/128', 'AES 256/256'),
  'rdp-security-layer': () => weakenSecurityLayer,
  agent: () => disableAgent,
};

/**
 * Breaks a VM, as if somebody had changed Windows and started it again long ago: nobody sees it in the activity log.
 * @throws RangeError for an unknown break, or a VM without a Windows that runs; ArmError 404 for an unknown VM
 */
export async function breakVm(lab: Lab, nameOrId: string, by: string): Promise<void> {
  if (!isBreakName(by))
    throw new RangeError(`Nothing is broken by '${by}'. Expected one of ${BREAK_NAMES.join(', ')}.`);
  const vm = lab.vm(nameOrId);
  const guest = lab.guest(nameOrId);
  const diskId = vm.properties.storageProfile?.osDisk?.managedDisk?.id;
  if (guest?.state !== 'running' || vm.osType !== 'Windows' || diskId === undefined)
    throw new RangeError(`${vm.name} has no Windows that runs.`);
  BREAKS[by](lab.clock.now())(lab.disk(diskId).content);
  await guest.powerOff();
  await guest.powerOn({ settled: true });
}
