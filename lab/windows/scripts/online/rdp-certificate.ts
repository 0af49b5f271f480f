import { attempt, scriptModel } from '../envelope.ts';
import type { Session } from '../session.ts';
import { text } from '../values.ts';
import { boundCertificateState, findCertificateFault, rdpCertificates } from './certificate.ts';
import { RDP_CERTIFICATE_KEYS, RDP_TCP, TERMINAL_SERVER } from './keys.ts';

const PROFILE_LIST = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList';

/** Gives RDP a certificate that clients can use. */
export const rdpCertificateModel = scriptModel('online/rdp-certificate', {
  detect: findCertificateFault,
  async repair(session) {
    unbindFaulty(session);
    session.write(`${TERMINAL_SERVER}\\WinStations`, 'SelfSignedCertStore', text('Remote Desktop'));
    if (String(session.read(PROFILE_LIST, 'ProgramData') ?? '').toLowerCase() !== 'c:\\programdata') {
      session.write(PROFILE_LIST, 'ProgramData', {
        type: 'REG_EXPAND_SZ',
        value: '%SystemDrive%\\ProgramData',
      });
    }
    if (!(await removeFaulty(session))) {
      session.facts['peerNeeded'] = true;
      session.find(
        'CertificateStoreGuarded',
        'this machine refuses to delete the certificate: a peer on the network may be able to',
        { cause: 'rdp-certificate' },
      );
      return;
    }
    session.enableStart('SessionEnv');
    await session.restartService('SessionEnv');
    await session.restartService('TermService');
  },
});

function unbindFaulty(session: Session): void {
  const state = boundCertificateState(session.machine);
  if (state === 'none' || state === 'good') return;
  if (session.machine.services.get('Tssdis')) {
    session.find('ConnectionBroker', 'a Connection Broker manages this certificate: replace it there', {
      cause: 'rdp-certificate',
    });
    return;
  }
  session.removeValue(RDP_TCP, 'SSLCertificateSHA1Hash');
}

async function removeFaulty(session: Session): Promise<boolean> {
  const { certificates, registry } = session.machine;
  for (const { thumbprint, state, selfSigned } of rdpCertificates(session.machine)) {
    if (!selfSigned || state === 'good') continue;
    const refused = await attempt(() => {
      if (state === 'corrupt') registry.deleteKey(`${RDP_CERTIFICATE_KEYS}\\${thumbprint}`);
      else certificates.remove('Remote Desktop', thumbprint);
    });
    if (refused !== undefined) return false;
    session.act('delete certificate', thumbprint, state);
  }
  return true;
}
