import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diagnose } from '../../../shared/causes/catalogue.ts';
import { EVIDENCE } from '../../../shared/causes/evidence/index.ts';
import { CAUSES } from '../../../shared/causes/index.ts';
import { CASES } from './cases/index.ts';
import { EVIDENCE_CASES } from './cases/evidence.ts';
import { healthyFacts, lookAt } from './facts.ts';

const ROOT = join(import.meta.dirname, '../../..');
const FINDINGS = readFileSync(join(ROOT, 'docs/findings.md'), 'utf8');

/** Codes that the scripts knew when each of them judged for itself. */
const BEFORE =
  `PortTakenByService PortTakenByProtectedService PortTakenByProgram PortExcluded PortNotServed PortInvalid
  PortToBeMoved PortMovedAlready ConnectionsDenied ConnectionsDeniedByPolicy TermServiceMissing TermServiceDisabled
  TermServiceStopped TermServiceAccountChanged RdpServiceDisabled ServiceStartFailed FirewallRuleMissing FirewallRuleDisabled
  FirewallRuleBlocks FirewallRuleWrongPort FirewallRuleBlockedByPolicy FirewallServiceStopped ListenerMissing ListenerDisabled
  ListenerBoundToAdapter ListenerProtocolReplaced CertificateMissing CertificateExpired CertificateCorrupt CertificateKeyMissing
  BoundCertificateMissing BoundCertificateExpired ConnectionBroker CertificateStoreGuarded MachineKeysUnreadable MachineKeyDamaged
  OtherKeysUnreadable TlsServerDisabled TlsDisabledByDefault CipherPolicyEmpty TlsSetByPolicy GroupPolicyServiceDisabled
  GroupPolicyNeedsRestart TlsClientDisabled FipsOn SchannelAlgorithmsOff CipherListEmpty SecurityLayerWeak NegotiationOff
  EncryptionMismatch NlaOff SecuritySetByPolicy PolicyValues FailedLogons LoggedErrors HandshakeHealthy HandshakeFailed ClockSkew
  AgentVersion CheckFailed RepairUnfinished SerialConsoleOff CrashDumpOff DiskOnline`.split(/\s+/);

const DROPPED: Readonly<Record<string, string>> = {
  OtherKeysUnreadable:
    'keys of other software may be kept from SYSTEM on purpose: they are neither looked at nor touched',
  DiskOnline: 'every session with a disk ends by putting it offline, or with an error',
};

const produced = new Set(
  [...CASES, ...EVIDENCE_CASES].flatMap(({ edits, done = [], options = {} }) =>
    diagnose(lookAt(healthyFacts(...edits), { done, options })).map(({ code }) => code),
  ),
);
const known = [...CAUSES, ...EVIDENCE].flatMap(({ findings }) => Object.keys(findings));

/** Every script but those of the time when each judged for itself. */
const OF_THE_PAST =
  /^guest\/(online|offline|lib\/(rdp-medic|online|offline|keys|evidence|listener|offline-findings|offline-keys|permissions)\.)/;

function scripts(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (OF_THE_PAST.test(path)) return [];
    if (entry.isDirectory()) return scripts(path);
    return path.endsWith('.ps1') ? [readFileSync(join(ROOT, path), 'utf8')] : [];
  });
}

test('every error that a script throws stands in the documentation', () => {
  const [, errors = ''] = FINDINGS.split('## Errors');
  const documented = [...errors.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = '']) => [
    ...cell.matchAll(/`(\w+)`/g),
  ]);
  const thrown = scripts('guest').flatMap((text) => [...text.matchAll(/throw ["']([A-Z]\w+): /g)]);
  const codes = documented.map(([, code]) => code);
  expect(thrown.map(([, code]) => code).filter((code) => !codes.includes(code))).toEqual([]);
});

describe('the codes of findings', () => {
  it.each(BEFORE)('%s is known as before, or dropped for a reason', (code) => {
    expect(produced.has(code)).toBe(DROPPED[code] === undefined);
  });

  it('are each given by some Windows of the tables, and no other', () => {
    expect([...produced].toSorted()).toEqual(known.toSorted());
  });

  it('stand in the documentation', () => {
    const documented = [...FINDINGS.matchAll(/^\| `(\w+)` \| /gm)].map(([, code]) => code);
    expect(known.filter((code) => !documented.includes(code))).toEqual([]);
  });
});
