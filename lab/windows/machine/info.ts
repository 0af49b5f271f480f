import { hiveNumber, hiveText } from '../hive.ts';
import { accountName } from '../sids.ts';
import { computerNameOf, domainOf } from './certificates.ts';
import { hasProgram } from './programs.ts';
import type { Running } from './running.ts';
import type { InfoOps } from './system-api.ts';

const CURRENT_VERSION = 'Microsoft\\Windows NT\\CurrentVersion';
/** Of the role Remote Desktop Session Host; the lab keeps the days in plain text there. */
export const GRACE_PERIOD = 'Control\\Terminal Server\\RCM\\GracePeriod';
/** Server 2012 R2 is Windows 6.3, and has PowerShell 4. */
const FIRST_BUILD_OF_10 = 10_240;
const GERMAN = '0407';

/** `de-DE` or `en-US`, by the language Windows was installed in. */
export function cultureOf({ system, controlSet }: Pick<Running, 'system' | 'controlSet'>): string {
  const language = hiveText(system, `${controlSet}\\Control\\Nls\\Language`, 'InstallLanguage');
  return language === GERMAN ? 'de-DE' : 'en-US';
}

export function buildOf({ software }: Pick<Running, 'software'>): number {
  return Number(hiveText(software, CURRENT_VERSION, 'CurrentBuildNumber') ?? 0);
}

export function createInfo(running: Running): InfoOps {
  const { software, system, controlSet } = running;
  const build = buildOf(running);
  const { quirks } = running.osDisk;
  // The lab's way to give a guest a clock that is wrong, in seconds.
  const skewKey = `${controlSet}\\Services\\W32Time\\Parameters`;
  const skew = (): number => (hiveNumber(system, skewKey, 'LabClockSkewSeconds') ?? 0) * 1_000;
  return {
    computerName: computerNameOf(running),
    osName: hiveText(software, CURRENT_VERSION, 'ProductName') ?? 'Windows',
    osVersion: `${build < FIRST_BUILD_OF_10 ? '6.3' : '10.0'}.${String(build)}`,
    build,
    powerShellVersion: build < FIRST_BUILD_OF_10 ? '4.0' : '5.1',
    wmiWorks: quirks?.wmiBroken !== true,
    hasProgram: (name) => hasProgram(running, name),
    licensingGraceDays: hiveNumber(system, `${controlSet}\\${GRACE_PERIOD}`, 'LabDaysLeft'),
    freeBytes: quirks?.diskFull === true ? 0 : 40 * 1024 ** 3,
    culture: cultureOf(running),
    machineGuid: hiveText(software, 'Microsoft\\Cryptography', 'MachineGuid') ?? '',
    agentVersion: hiveText(software, 'Microsoft\\GuestAgent', 'GuestAgentVersion'),
    domain: domainOf(running),
    now: () => running.now() + skew(),
    hostTime: () => running.now(),
    accountName: (sid) => accountName(sid, cultureOf(running)),
  };
}
