import type { Machine } from '../../machine.ts';
import { ScriptFault, scriptModel } from '../envelope.ts';
import type { CertificateView, RemoteCertificateStore } from '../../machine.ts';
import { WindowsError } from '../../machine/errors.ts';
import type { ScriptModel } from '../model.ts';

/** Deletes the expired RDP certificate of another VM, which cannot do it itself. */
export const peerCertificateModel: ScriptModel = (machine, parameters) => {
  const address = parameters['ComputerName'] ?? '';
  let store: RemoteCertificateStore | undefined;
  const expired = (): CertificateView[] =>
    (store?.list() ?? []).filter(
      ({ corrupt, notAfter, subject, issuer }) =>
        !corrupt && notAfter < machine.info.now() && subject === issuer,
    );
  return scriptModel('online/peer-certificate', {
    async prepare() {
      store = await openStore(machine, address);
    },
    detect(session) {
      for (const { thumbprint } of expired()) {
        session.find('CertificateExpired', 'the certificate of RDP is out of its time', {
          cause: 'rdp-certificate',
          data: { thumbprint },
        });
      }
    },
    repair(session) {
      for (const { thumbprint } of expired()) {
        store?.remove(thumbprint);
        session.act('delete certificate', `\\\\${address}\\Remote Desktop\\${thumbprint}`, 'expired');
      }
    },
  })(machine, parameters);
};

async function openStore({ certificates }: Machine, address: string): Promise<RemoteCertificateStore> {
  try {
    return await certificates.openRemote(address, 'Remote Desktop');
  } catch (error) {
    if (error instanceof WindowsError) throw new ScriptFault('PeerNotPossible', error.message);
    throw error;
  }
}
