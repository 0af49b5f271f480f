import type { StepId } from '../../../shared/model/record.ts';
import type { Fault } from '../faults/fault.ts';
import { blockPort, limitRdpRule } from '../faults/firewall.ts';
import { removeMachineKeys } from '../faults/machine-keys.ts';
import { disableService, fallSilent } from '../faults/services.ts';
import { allowOnlyEcdsaByPolicy, switchOffAlgorithms } from '../faults/tls.ts';
import type { FleetVm } from '../fleet-vm.ts';
import { windowsVm, type WindowsVmOptions } from '../windows-vm.ts';

interface Row {
  cause: string;
  brokenBy: string;
  step: StepId;
  faults: readonly Fault[];
  /** How it differs from a generation 2 VM in English. */
  as?: Partial<WindowsVmOptions>;
}

/** One for each cause whose repair is its file alone (`shared/causes`). */
const ROWS: readonly Row[] = [
  {
    cause: 'firewall-rule-scope',
    brokenBy: 'the firewall rule of RDP holds in domain networks only, and the VM is in none',
    step: 'rdp-port',
    faults: [limitRdpRule({ profile: 'Domain' })],
  },
  {
    cause: 'firewall-block-rule',
    brokenBy: 'a hardening rule blocks port 3389',
    step: 'rdp-port',
    faults: [blockPort(3389)],
    as: { language: 'de-DE' },
  },
  {
    cause: 'term-service-silent',
    brokenBy: 'TermService runs and hears nothing any more',
    step: 'rdp-port',
    faults: [fallSilent],
  },
  {
    cause: 'crypto-services',
    brokenBy: 'the services of keys and certificates are disabled',
    step: 'certificate-and-keys',
    faults: ['KeyIso', 'CryptSvc', 'CertPropSvc'].map(disableService),
    as: { generation: 'V1' },
  },
  {
    cause: 'machine-keys-missing',
    brokenBy: 'somebody deleted MachineKeys',
    step: 'certificate-and-keys',
    faults: [removeMachineKeys],
  },
  {
    cause: 'cipher-suites',
    brokenBy: 'only suites for ECDSA certificates are left',
    step: 'tls',
    faults: [allowOnlyEcdsaByPolicy],
  },
  {
    cause: 'schannel-algorithms',
    brokenBy: 'AES is switched off in SCHANNEL',
    step: 'tls',
    faults: [switchOffAlgorithms('Ciphers', 'AES 128/128', 'AES 256/256')],
    as: { generation: 'V1', language: 'de-DE' },
  },
];

export function causeVms(now: number): FleetVm[] {
  return ROWS.map(({ cause, brokenBy, step, faults, as }) => ({
    spec: windowsVm({ name: cause, generation: 'V2', now, faults, ...as }),
    brokenBy,
    cause,
    expected: { kind: 'repaired-online', step },
  }));
}
