import type { Change, RegistryData } from '../model/change.ts';
import type { CertificateFact } from '../model/facts.ts';
import type { Finding } from '../model/finding.ts';
import type { Cause, Look, RegistryDomain } from './cause.ts';
import { BINDING, bindingOf, boundThumbprint, isOutOfTime, isWindowsOwn, renew } from './certificates.ts';
import { findingsOf, lastOutcome, whereFaulty } from './finding.ts';
import { isFolderGone } from './keys.ts';
import { RDP_TCP, WIN_STATIONS } from './listener.ts';
import { eachSet, inSet, keyOf, setValue, textOf } from './look.ts';
import { restartRdp } from './services.ts';

const BROKER = 'Services\\Tssdis';
const PROFILE_LIST = 'Microsoft\\Windows NT\\CurrentVersion\\ProfileList';
const PROGRAM_DATA: RegistryData = { kind: 'ExpandString', data: '%SystemDrive%\\ProgramData' };
const STORE: RegistryData = { kind: 'String', data: 'Remote Desktop' };

const BOUND: RegistryDomain = { hive: 'system', path: RDP_TCP, name: BINDING, after: [null] };
/** Where Windows looks for its own certificates, and for their keys ("internal error", server article). */
const OWN_STORE: RegistryDomain = {
  hive: 'system',
  path: WIN_STATIONS,
  name: 'SelfSignedCertStore',
  after: [STORE],
};
const KEYS_HOME: RegistryDomain = {
  hive: 'software',
  path: PROFILE_LIST,
  name: 'ProgramData',
  after: [PROGRAM_DATA],
};

const FINDINGS = {
  CertificateMissing: 'RDP has no certificate',
  CertificateExpired: 'the RDP certificate has expired or is not yet valid',
  CertificateCorrupt: 'the RDP certificate cannot be parsed',
  CertificateKeyMissing: 'the private key of the RDP certificate is missing',
  BoundCertificateMissing: 'the certificate bound to the listener cannot be used: it or its key is missing',
  BoundCertificateExpired: 'the certificate bound to the listener has expired or is not yet valid',
  ConnectionBroker: 'a Connection Broker manages the bound certificate: replace it there',
  CertificateStoreGuarded:
    'this machine refuses to delete the certificate; a peer on the network may be able to',
} as const;
const found = findingsOf('rdp-certificate', FINDINGS);

function isBroker({ facts }: Look, set: string): boolean {
  return keyOf(facts, set, BROKER)?.state === 'here';
}

/** Bound certificates that cannot be used, by control set. */
function badBindings(look: Look) {
  return look.facts.sets.flatMap((set) => {
    const binding = bindingOf(look, set);
    return binding === 'missing' || binding === 'expired' ? [{ set, binding }] : [];
  });
}

function detectBound(look: Look): Finding[] {
  return badBindings(look).flatMap(({ set, binding }) => {
    const data = { thumbprint: boundThumbprint(look.facts, set) ?? '', ...inSet(look, set) };
    return [
      found(binding === 'missing' ? 'BoundCertificateMissing' : 'BoundCertificateExpired', 'fault', data),
      ...(isBroker(look, set) ? [found('ConnectionBroker', 'warning', data)] : []),
    ];
  });
}

/** A bound certificate that is good is the one that RDP serves: then Windows' own do not matter. */
function isOwnServed(look: Look): boolean {
  return !look.facts.sets.some((set) => ['good', 'unknown'].includes(bindingOf(look, set)));
}

function isFaulty({ facts }: Look, certificate: CertificateFact): boolean {
  return certificate.state === 'corrupt' || isOutOfTime(facts, certificate);
}

/** The key of Windows' own certificate is gone, and not with the whole folder, which is a cause of its own. */
function isKeyGone({ facts }: Look): boolean {
  const hasOne = facts.rdpCertificates.items.some(({ state }) => state === 'parsed');
  return hasOne && facts.keys.rdpKey.state === 'missing' && !isFolderGone(facts);
}

/** On a disk none is no fault: Windows makes one when it starts. */
function isNoneThere({ facts }: Look): boolean {
  const { total, error } = facts.rdpCertificates;
  return facts.scope === 'online' && error === null && total === 0;
}

function detectOwn(look: Look): Finding[] {
  if (!isOwnServed(look)) return [];
  const { facts } = look;
  const faulty = facts.rdpCertificates.items.filter((certificate) => isFaulty(look, certificate));
  const guarded = lastOutcome(look, 'Renew-Certificate')?.outcome.word === 'guarded';
  return [
    ...faulty.map(({ state, thumbprint, notAfter }) =>
      state === 'corrupt'
        ? found('CertificateCorrupt', 'fault', { thumbprint })
        : found('CertificateExpired', 'fault', { thumbprint, notAfter: notAfter?.slice(0, 10) ?? '' }),
    ),
    ...(isNoneThere(look) ? [found('CertificateMissing', 'fault')] : []),
    ...(isKeyGone(look) ? [found('CertificateKeyMissing', 'fault')] : []),
    ...(guarded && faulty.length > 0 ? [found('CertificateStoreGuarded', 'fault')] : []),
  ];
}

const detect: Cause['detect'] = (look) => [...detectBound(look), ...detectOwn(look)];

function repair(look: Look): Change[] {
  const { facts } = look;
  const unbound = badBindings(look)
    .filter(({ set }) => !isBroker(look, set))
    .flatMap(({ set }) => setValue(facts, set, BOUND, null));
  const store = eachSet(look, (set) => setValue(facts, set, OWN_STORE, STORE));
  const home = ['C:\\ProgramData', '%SystemDrive%\\ProgramData'];
  const isAtHome = home.includes(textOf(facts, '', PROFILE_LIST, 'ProgramData') ?? '');
  const settings = [...unbound, ...store, ...(isAtHome ? [] : setValue(facts, '', KEYS_HOME, PROGRAM_DATA))];

  const all = facts.rdpCertificates.items.filter(isWindowsOwn);
  const faulty = isKeyGone(look) ? all : all.filter((certificate) => isFaulty(look, certificate));
  const wantsNewOne = isOwnServed(look) && (faulty.length > 0 || isNoneThere(look));
  // Renewing restarts the services by itself.
  const renewed = wantsNewOne ? renew(facts, faulty, { keyAside: false }) : [];
  if (renewed.length > 0) return [...settings, ...renewed];
  return unbound.length > 0 ? [...settings, ...restartRdp(look, ['SessionEnv', 'TermService'])] : [];
}

export const rdpCertificate: Cause = {
  id: 'rdp-certificate',
  step: 'certificate-and-keys',
  order: 40,
  title: 'The RDP certificate is expired, corrupt or missing',
  findings: FINDINGS,
  reads: [
    { hive: 'system', path: RDP_TCP, names: [BINDING] },
    { hive: 'system', path: WIN_STATIONS, names: [OWN_STORE.name] },
    { hive: 'system', path: BROKER, names: ['Start'] },
    { hive: 'software', path: PROFILE_LIST, names: [KEYS_HOME.name] },
  ],
  writes: [BOUND, OWN_STORE, KEYS_HOME],
  detect,
  repair: whereFaulty(detect, repair),
  takesEffect: 'now',
  words: {
    seen: 'The self-signed certificate is expired, corrupt or has no key; a bound certificate (`SSLCertificateSHA1Hash`) is missing or expired.',
    mend: 'Deletes the faulty self-signed certificate, unbinds a faulty bound one (not on a Connection Broker), resets where Windows looks for its own certificate, restarts `SessionEnv`, which creates a new one (offline: the next boot does). If the VM refuses the deletion, a peer can do it: `peer-certificate`.',
    guidance: 'Delete the self-signed certificate in the store "Remote Desktop" and restart SessionEnv.',
    byHand:
      "`Remove-Item 'Cert:\\LocalMachine\\Remote Desktop\\THUMBPRINT'; Restart-Service SessionEnv, TermService -Force`; from a working VM: `certlm.msc`, *Connect to another computer*",
    undo: 'None for a self-signed certificate; to bind the other one again, restore the value.',
  },
  recipe: [],
};
