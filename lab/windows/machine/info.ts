import { hiveNumber, hiveText } from '../hive.ts';
import { accountName } from '../sids.ts';
import { computerNameOf, domainOf } from './certificates.ts';
import type { Running } from './running.ts';
import type { InfoOps } from './system-api.ts';

const CURRENT_VERSION = 'Microsoft\\Windows NT\\CurrentVersion';
const GERMAN = '0407';

/** `de-DE` or `en-US`, by the language Windows was installed in. */
export function cultureOf({ system, controlSet }: Pick<Running, 'system' | 'controlSet'>): string {
  const language = hiveText(system, `${controlSet}\\Control\\Nls\\Language`, 'InstallLanguage');
  return language === GERMAN ? 'de-DE' : 'en-US';
}

export function createInfo(running: Running): InfoOps {
  const { software, system, controlSet, surroundings } = running;
  const { clock } = surroundings;
  const build = hiveText(software, CURRENT_VERSION, 'CurrentBuildNumber') ?? '0';
  // The lab's way to give a guest a clock that is wrong, in seconds.
  const skewKey = `${controlSet}\\Services\\W32Time\\Parameters`;
  const skew = (): number => (hiveNumber(system, skewKey, 'LabClockSkewSeconds') ?? 0) * 1_000;
  return {
    computerName: computerNameOf(running),
    osName: hiveText(software, CURRENT_VERSION, 'ProductName') ?? 'Windows',
    osVersion: `10.0.${build}`,
    build: Number(build),
    culture: cultureOf(running),
    machineGuid: hiveText(software, 'Microsoft\\Cryptography', 'MachineGuid') ?? '',
    agentVersion: hiveText(software, 'Microsoft\\GuestAgent', 'GuestAgentVersion'),
    domain: domainOf(running),
    now: () => clock.now() + skew(),
    hostTime: () => clock.now(),
    accountName: (sid) => accountName(sid, cultureOf(running)),
  };
}
