import { readFileSync } from 'node:fs';
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
