import { createSecureContext, type SecureContext, type SecureVersion } from 'node:tls';
import { constants } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { certificatesOf, MACHINE_KEYS, storedCertificate } from '../certificates/store.ts';
import { hiveText, hiveValue } from '../hive.ts';
import { same } from '../lookup.ts';
import type { Running } from '../machine/running.ts';
import { DISABLED, serviceDefinition } from '../services/definition.ts';
import { SID } from '../sids.ts';
import { allows, fileAt } from '../volume.ts';
import { fipsMode, hasUsableSuite, serverTlsVersions, type TlsVersion } from './protocols.ts';
import { RDP_TCP, rdpSettings } from './settings.ts';

/** What TermService has to show in a TLS handshake: opened when it or SessionEnv starts, kept until the next start. */
export type Credential =
  /** What a handshake needs, by some machines at a time: kept by every one of a fleet, it would be most of what they keep outside the heap. */
  | { kind: 'usable'; context: () => SecureContext }
  /** No certificate at all, or none that can be read. */
  | { kind: 'no-certificate' }
  /** The key's file is missing, damaged, or NETWORK SERVICE may not read it: event 36870. */
  | { kind: 'key-unreadable' }
  /** SCHANNEL has no server protocol left: event 36871. */
  | { kind: 'no-protocol' }
  /** No cipher suite, or FIPS asks for what RDP cannot give: event 36874. */
  | { kind: 'no-suite' };

type Sources = Pick<Running, 'system' | 'software' | 'controlSet' | 'volume' | 'log'>;

export function openCredential(running: Sources): Credential {
  const { system, software, controlSet, volume } = running;
  const certificate = servedCertificate(running);
  if (!certificate) return { kind: 'no-certificate' };
  const { der, keyFile } = certificate;
  const keyPath = `${MACHINE_KEYS}\\${keyFile ?? ''}`;
  const key = keyFile === undefined ? undefined : fileAt(volume, keyPath)?.key;
  if (!key || key.damaged === true || !allows(volume, keyPath, SID.networkService, 'read'))
    return { kind: 'key-unreadable' };
  // Keys are used inside the process of CNG Key Isolation (server article).
  if ((serviceDefinition(system, controlSet, 'KeyIso')?.start ?? DISABLED) === DISABLED)
    return { kind: 'key-unreadable' };

  const build = Number(
    hiveText(software, 'Microsoft\\Windows NT\\CurrentVersion', 'CurrentBuildNumber') ?? 0,
  );
  const versions = serverTlsVersions(system, controlSet, build);
  if (versions.length === 0) return { kind: 'no-protocol' };
  const fipsClash = fipsMode(system, controlSet) && rdpSettings(running).minEncryptionLevel === 4;
  if (fipsClash || !hasUsableSuite(system, software, controlSet, versions)) return { kind: 'no-suite' };
  const { pem } = key;
  const made = Symbol();
  return {
    kind: 'usable',
    context: () => CONTEXTS.memo(made, { context: () => secureContext(pem, der, versions) }),
  };
}

/** The bound certificate when it can be used, else the self-signed one (event 1051 tells of the fall-back). */
function servedCertificate({ system, software, controlSet, volume, log }: Sources) {
  const bound = hiveValue(system, `${controlSet}\\${RDP_TCP}`, 'SSLCertificateSHA1Hash');
  if (bound?.type === 'REG_BINARY') {
    const candidate = certificatesOf(software, volume, 'My').find(({ thumbprint }) =>
      same(thumbprint, bound.value),
    );
    if (candidate?.hasPrivateKey === true) return storedCertificate(software, 'My', candidate.thumbprint);
    log.write({
      log: 'System',
      id: 1051,
      provider: 'Microsoft-Windows-TerminalServices-RemoteConnectionManager',
      level: 'warning',
      data: { Thumbprint: bound.value.toUpperCase() },
    });
  }
  const own = certificatesOf(software, volume, 'Remote Desktop').find(
    ({ corrupt, selfSigned }) => !corrupt && selfSigned,
  );
  return own && storedCertificate(software, 'Remote Desktop', own.thumbprint);
}

const NODE_VERSIONS: Record<TlsVersion, SecureVersion> = {
  'TLS 1.0': 'TLSv1',
  'TLS 1.1': 'TLSv1.1',
  'TLS 1.2': 'TLSv1.2',
  'TLS 1.3': 'TLSv1.3',
};
const SWITCHED_OFF: Record<TlsVersion, number> = {
  'TLS 1.0': constants.SSL_OP_NO_TLSv1,
  'TLS 1.1': constants.SSL_OP_NO_TLSv1_1,
  'TLS 1.2': constants.SSL_OP_NO_TLSv1_2,
  'TLS 1.3': constants.SSL_OP_NO_TLSv1_3,
};

const CONTEXTS = new LRUCache<symbol, SecureContext, () => SecureContext>({
  max: 50,
  memoMethod: (_made, _stale, { context: make }) => make(),
});

function secureContext(key: string, der: Buffer, versions: readonly TlsVersion[]): SecureContext {
  const first = versions[0] ?? 'TLS 1.2';
  const last = versions.at(-1) ?? first;
  let secureOptions = 0;
  for (const [version, option] of Object.entries(SWITCHED_OFF)) {
    if (!versions.some((offered) => offered === version)) secureOptions |= option;
  }
  return createSecureContext({
    key,
    cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`,
    minVersion: NODE_VERSIONS[first],
    maxVersion: NODE_VERSIONS[last],
    secureOptions,
    // TLS 1.0 and 1.1 sign with SHA-1, which OpenSSL only does at its lowest level.
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
}
