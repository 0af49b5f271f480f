import type { Machine } from '../../machine.ts';
import { ScriptFault, scriptModel } from '../envelope.ts';
import type { CertificateView, RemoteCertificateStore } from '../../machine.ts';
import { WindowsError } from '../../machine/errors.ts';
import type { ScriptModel } from '../model.ts';

/** Deletes the expired or corrupt RDP certificate of another VM, which cannot do it itself. */
export const peerCertificateModel: ScriptModel = (machine, parameters) => {
  const address = parameters['ComputerName'] ?? '';
  let store: RemoteCertificateStore | undefined;
  const faulty = (): { thumbprint: string; state: 'expired' | 'corrupt' }[] => {
    const all = store?.list() ?? [];
    return [
      ...all
        .filter((view) => isExpired(machine, view))
        .map(({ thumbprint }) => ({ thumbprint, state: 'expired' as const })),
      ...all
        .filter(({ corrupt }) => corrupt)
        .map(({ thumbprint }) => ({ thumbprint, state: 'corrupt' as const })),
    ];
  };
  return scriptModel('online/peer-certificate', {
    async prepare() {
      store = await openStore(machine, address);
    },
    detect(session) {
      for (const { thumbprint, state } of faulty()) {
        const more = { cause: 'rdp-certificate' as const, data: { thumbprint } };
        if (state === 'expired')
          session.find('CertificateExpired', 'the certificate of RDP is out of its time', more);
        else session.find('CertificateCorrupt', 'the certificate of RDP cannot be parsed', more);
      }
    },
    repair(session) {
      for (const { thumbprint, state } of faulty()) {
        store?.remove(thumbprint);
        session.act('delete certificate', `\\\\${address}\\Remote Desktop\\${thumbprint}`, state);
      }
    },
  })(machine, parameters);
};

function isExpired({ info }: Machine, { corrupt, notAfter, subject, issuer }: CertificateView): boolean {
  return !corrupt && notAfter < info.now() && subject === issuer;
}

async function openStore({ certificates }: Machine, address: string): Promise<RemoteCertificateStore> {
  try {
    return await certificates.openRemote(address, 'Remote Desktop');
  } catch (error) {
    if (error instanceof WindowsError) throw new ScriptFault('PeerNotPossible', error.message);
    throw error;
  }
}
