import type { Facts, Unread } from '../../model/facts.ts';
import type { Evidence, Look } from '../cause.ts';
import { findingsOf } from '../finding.ts';

const FINDINGS = {
  CheckFailed: 'this could not be read, so a fault here is possible',
  ListCut: 'this list was truncated',
} as const;
const found = findingsOf(undefined, FINDINGS);

const LISTS = [
  'services',
  'listeners',
  'reservedPorts',
  'rdpCertificates',
  'firewallRules',
  'events',
  'failedLogons',
  'policies',
  'appliedPolicies',
] as const;
/** Lists in which a fault may stand that was cut off; the others are evidence by themselves. */
const FAULTS_IN = new Set<string>([
  'services',
  'listeners',
  'reservedPorts',
  'rdpCertificates',
  'firewallRules',
]);
const ACCESS_DENIED = 5;
const KEYS = ['folder', 'rdpKey', 'boundKey'] as const;

function unreadParts(facts: Facts): { check: string; error: Unread | null }[] {
  const parts = [
    ...facts.unread.map(({ what, error }) => ({ check: what, error })),
    ...facts.registry
      .filter(({ state }) => state === 'unread')
      .map(({ set, path, error }) => ({ check: set === '' ? path : `${set}\\${path}`, error })),
    ...LISTS.filter((list) => facts[list].error !== null).map((list) => ({
      check: list,
      error: facts[list].error,
    })),
    ...KEYS.filter((key) => facts.keys[key]?.state === 'unread').map((key) => ({
      check: `keys.${key}`,
      error: facts.keys[key]?.error ?? null,
    })),
  ];
  // A key that not even SYSTEM is let see is a fault, not a riddle; a part may have told it in two places.
  return parts.filter(
    ({ check, error }, index) =>
      !(check.startsWith('keys.') && error?.code === ACCESS_DENIED) &&
      parts.findIndex((one) => one.check === check) === index,
  );
}

/** On a broken Windows some things may not even be looked at: that is said, and never taken for "no fault". */
export const unread: Evidence = {
  findings: FINDINGS,
  reads: [],
  detect: ({ facts }: Look) => [
    ...unreadParts(facts).map(({ check, error }) =>
      found('CheckFailed', 'warning', { check, error: error?.code ?? null, said: error?.text ?? '' }),
    ),
    ...LISTS.filter((list) => FAULTS_IN.has(list) && facts[list].total > facts[list].items.length).map(
      (list) =>
        found('ListCut', 'warning', { list, total: facts[list].total, kept: facts[list].items.length }),
    ),
  ],
};
