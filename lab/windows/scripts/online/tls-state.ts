import type { Finding } from '../../../../shared/model/guest-result.ts';
import type { Session } from '../session.ts';
import { CIPHER_LIST, CIPHER_POLICY, GPSVC, SCHANNEL_PROTOCOLS } from './keys.ts';

/** Windows has TLS 1.3 from Server 2022 on; switching it on below is unsafe. */
export const FIRST_BUILD_WITH_TLS_13 = 20348;

export function findTlsFault(session: Session): void {
  for (const protocol of ['TLS 1.2', 'TLS 1.3'] as const) {
    if (protocol === 'TLS 1.3' && session.machine.info.build < FIRST_BUILD_WITH_TLS_13) continue;
    const severity = protocol === 'TLS 1.2' ? 'fault' : 'warning';
    const server = `${SCHANNEL_PROTOCOLS}\\${protocol}\\Server`;
    if (session.read(server, 'Enabled') === 0) {
      session.find('TlsServerDisabled', 'the protocol is off for servers', {
        cause: 'tls',
        severity,
        data: { protocol },
      });
    }
    if ((session.read(server, 'DisabledByDefault') ?? 0) !== 0) {
      session.find('TlsDisabledByDefault', 'the protocol is offered only to a program that asks for it', {
        cause: 'tls',
        severity,
        data: { protocol },
      });
    }
    if (session.read(`${SCHANNEL_PROTOCOLS}\\${protocol}\\Client`, 'Enabled') === 0) {
      session.find('TlsClientDisabled', 'the protocol is off for clients on this VM', {
        severity: 'warning',
        data: { protocol },
      });
    }
  }
  if (isCipherPolicyEmpty(session)) {
    session.find('CipherPolicyEmpty', 'the policy for cipher suites leaves none that RDP could use', {
      cause: 'tls',
    });
  }
  if (hasNoSuite(session, CIPHER_LIST)) {
    session.find(
      'CipherListEmpty',
      'the local list of cipher suites is empty: copy it from a VM of the same Windows',
      { severity: 'warning' },
    );
  }
  const off = disabledAlgorithms(session);
  if (off.length > 0) {
    session.find('SchannelAlgorithmsOff', 'algorithms that TLS 1.2 needs are switched off in SCHANNEL', {
      severity: 'warning',
      data: { algorithms: off.join(', ') },
    });
  }
  if (session.read('HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\FIPSAlgorithmPolicy', 'Enabled') === 1) {
    session.find('FipsOn', 'FIPS mode is on: older clients find no common algorithm', {
      severity: 'warning',
    });
  }
}

const NEEDED_ALGORITHMS = ['AES 128/128', 'AES 256/256', 'SHA256', 'SHA384', 'ECDH', 'PKCS'];

function disabledAlgorithms(session: Session): string[] {
  const schannel = SCHANNEL_PROTOCOLS.slice(0, SCHANNEL_PROTOCOLS.lastIndexOf('\\'));
  return ['Ciphers', 'Hashes', 'KeyExchangeAlgorithms'].flatMap((folder) => {
    const key = `${schannel}\\${folder}`;
    return session.machine.registry
      .subkeys(key)
      .filter((name) => NEEDED_ALGORITHMS.includes(name) && session.read(`${key}\\${name}`, 'Enabled') === 0);
  });
}

export function isCipherPolicyEmpty(session: Session): boolean {
  return hasNoSuite(session, CIPHER_POLICY);
}

function hasNoSuite(session: Session, key: string): boolean {
  const suites = session.read(key, 'Functions');
  return suites !== undefined && !/TLS_/i.test([suites].flat().join(','));
}

export function findGroupPolicyFault(session: Session, severity: Finding['severity']): void {
  const start = session.read(GPSVC, 'Start');
  if (typeof start !== 'number' || start === 2) return;
  session.find('GroupPolicyServiceDisabled', 'the Group Policy service does not start by itself', {
    cause: 'tls',
    severity,
    data: { start },
  });
}
