import type { Cause, Look } from './cause.ts';
import { findingsOf } from './finding.ts';
import { TERMINAL_SERVER, TERMINAL_SERVICES_POLICY } from './listener.ts';
import { keyOf, listOf, numberOf } from './look.ts';

/** There only where the role Remote Desktop Session Host is; what is in it nobody but Windows can read. */
const GRACE = `${TERMINAL_SERVER}\\RCM\\GracePeriod`;
const CORE = `${TERMINAL_SERVER}\\RCM\\Licensing Core`;
const SERVERS = 'Services\\TermService\\Parameters\\LicenseServers';
/** RemoteConnectionManager: the grace period is over, and no licence server was found. */
const GRACE_IS_OVER = 1128;
/** Of `LicensingMode`: 2 per device, 4 per user. */
const NO_MODE = 5;

const FINDINGS = {
  RdsGraceOver:
    'the Remote Desktop Services grace period is over: only administrators can connect, with mstsc /admin',
  RdsLicenseServerMissing:
    'a session host without a license server or licensing mode: connections stop 120 days after setup',
} as const;
const found = findingsOf('rds-licensing', FINDINGS);

function isLicensed({ facts }: Look, set: string): boolean {
  const byPolicy = listOf(facts, '', TERMINAL_SERVICES_POLICY, 'LicenseServers') ?? [];
  const own = listOf(facts, set, SERVERS, 'SpecifiedLicenseServers') ?? [];
  const mode =
    numberOf(facts, '', TERMINAL_SERVICES_POLICY, 'LicensingMode') ??
    numberOf(facts, set, CORE, 'LicensingMode') ??
    NO_MODE;
  return byPolicy.length + own.length > 0 && mode !== NO_MODE;
}

const detect: Cause['detect'] = (look) => {
  const { facts } = look;
  const [set] = facts.sets;
  if (facts.events.items.some(({ id }) => id === GRACE_IS_OVER)) return [found('RdsGraceOver', 'fault')];
  if (set === undefined || keyOf(facts, set, GRACE)?.state !== 'here' || isLicensed(look, set)) return [];
  return [found('RdsLicenseServerMissing', 'warning')];
};

/** Licences are bought, and named, by people; winding the grace period back is no repair. */
export const rdsLicensing: Cause = {
  id: 'rds-licensing',
  step: 'rdp-port',
  order: 90,
  title: 'The Remote Desktop Services licensing grace period is over',
  findings: FINDINGS,
  reads: [
    // No value of it: only whether it is there.
    { hive: 'system', path: GRACE, names: ['-'] },
    { hive: 'system', path: CORE, names: ['LicensingMode'] },
    { hive: 'system', path: SERVERS, names: ['SpecifiedLicenseServers'] },
    { hive: 'software', path: TERMINAL_SERVICES_POLICY, names: ['LicenseServers', 'LicensingMode'] },
  ],
  writes: [],
  detect,
  repair: () => [],
  takesEffect: 'now',
  words: {
    seen: 'Event 1128 of RemoteConnectionManager; a warning for a session host without a license server or licensing mode. RDP responds, then disconnects the session.',
    mend: 'Nothing: licenses must be bought and assigned by a person.',
    guidance:
      'Connect with mstsc /admin; set a license server and the licensing mode, or remove the Remote Desktop Session Host role if two concurrent administrators are enough.',
    byHand:
      '`(Get-CimInstance -Namespace root\\cimv2\\TerminalServices -ClassName Win32_TerminalServiceSetting | Invoke-CimMethod -MethodName GetGracePeriodDays).DaysLeft`, `Uninstall-WindowsFeature RDS-RD-Server`',
    undo: 'Nothing to undo.',
  },
  recipe: [],
};
