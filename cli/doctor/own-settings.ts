import { join } from 'node:path';
import { readConfig, type Config } from '../../shared/config.ts';
import { loadConnectors } from '../../shared/intake/tickets/load-connectors.ts';
import { PACKAGE_ROOT } from '../../shared/package-root.ts';
import { loadAuthority, type Authority } from '../../shared/repair/policy/load.ts';
import { unknownSettings } from '../../shared/unknown-settings.ts';
import { missing, ok, type Check } from './check.ts';

export interface OwnSettings {
  config: Config;
  authority: Authority;
}

/** Settings and policy as the host of --local reads them. */
export function readOwnSettings(settings: Readonly<Record<string, string | undefined>>): OwnSettings {
  const connectors = loadConnectors(join(PACKAGE_ROOT, 'shared/intake/connectors'));
  const config = readConfig(settings);
  const faults = [...config.faults, ...unknownSettings(settings, connectors.values())];
  const authority = loadAuthority(settings, { ...config, faults }, [...connectors.keys()]);
  return { config, authority };
}

/** Whether a request would be taken in at all. */
export function checkSettings({ authority }: OwnSettings, policyFile: string): Check[] {
  const { closed, policy, policyVersion } = authority;
  if (closed !== undefined)
    return [
      missing('settings', `No requests are accepted. ${closed}`, 'Correct the setting, then try again.'),
    ];
  return [
    ok('settings', 'All settings are valid.'),
    policy.killSwitch
      ? missing(
          'policy',
          'The kill switch is on: no remediation can start.',
          'Set RDP_MEDIC_KILL_SWITCH=off, or killSwitch to false in the policy.',
        )
      : ok('policy', `${policyFile} (version ${policyVersion}) is valid.`),
  ];
}
