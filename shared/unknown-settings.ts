import { CONFIG_SETTINGS } from './config.ts';
import type { Connector } from './intake/tickets/connector.ts';

const OURS = /^rdp[_-]?medic/i;
/** Read where the policy is, and where callers are told apart. */
const OF_AUTHORITY = ['RDP_MEDIC_POLICY', 'RDP_MEDIC_KILL_SWITCH'];
/** Of the tools beside the app, which leave them in the environment of a host on one machine. */
const OF_TOOLS = [
  'RDP_MEDIC_APP',
  'RDP_MEDIC_APP_SCOPE',
  'RDP_MEDIC_CHROMIUM',
  'RDP_MEDIC_CLOCK',
  'RDP_MEDIC_KEY',
  'RDP_MEDIC_MODEL_RUNS',
  'RDP_MEDIC_MODEL_SEEDS',
  'RDP_MEDIC_PWSH',
  'RDP_MEDIC_TESTS',
  'RDP_MEDIC_SEED',
  'RDP_MEDIC_STATE',
];
const OF_TEST_BENCH = /^RDP_MEDIC_(LAB|STAND_IN|STORM|TEST)_?/;

/**
 * A sentence for each setting that looks like one of ours and is none: `RDP_MEDIC_KILLSWITCH` would be an emergency brake that nobody
 * has fitted. Settings that a connector names are known.
 */
export function unknownSettings(
  settings: Readonly<Record<string, string | undefined>>,
  connectors: Iterable<Connector>,
): string[] {
  const known = new Set([...settingsOfApp(connectors), ...OF_TOOLS]);
  return Object.keys(settings)
    .filter((name) => OURS.test(name) && !known.has(name) && !OF_TEST_BENCH.test(name))
    .map((name) => `${name} is not a known setting: remove or correct it (README.md lists all settings).`);
}

/** Names of all settings that the app reads, those that its connectors name among them. */
export function settingsOfApp(connectors: Iterable<Connector>): string[] {
  return [...CONFIG_SETTINGS, ...OF_AUTHORITY, ...[...connectors].flatMap(settingsOf)];
}

function settingsOf({ authentication, settings, author, comments }: Connector): string[] {
  const inHeaders = Object.values(comments?.headers ?? {}).flatMap((value) =>
    [...value.matchAll(/\$\{([A-Z0-9_]+)\}/g)].map(([, name = '']) => name),
  );
  return [authentication.secret, ...settings, ...(author ? [author.own] : []), ...inHeaders];
}
