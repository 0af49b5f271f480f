import type { OutcomeOfChange } from '../../../shared/model/change.ts';
import type { Machine, RemoteCertificateStore } from '../machine.ts';
import { WindowsError } from '../machine/errors.ts';
import { answering } from './answer.ts';
import type { Twin } from './twin.ts';

/** The twin of `guest/peer-certificate.ps1`: deletes certificates of RDP on another VM of the network. */
export const peerCertificateTwin: Twin = (machine, { parameters }) =>
  answering('peer-certificate', parameters['Nonce'] ?? '', async (answer) => {
    const computer = parameters['Computer'] ?? '';
    const store = await openStore(machine, computer);
    const thumbprints = (parameters['Thumbprints'] ?? '').split('.');
    for (const [change, thumbprint] of thumbprints.entries()) {
      const word = store ? remove(store, thumbprint) : 'not-possible';
      answer.outcomes.push(outcomeOf(change, word, computer, thumbprint));
    }
  });

/** `undefined` where the other machine refuses, as `reg.exe` tells it: without saying why. */
async function openStore(machine: Machine, computer: string): Promise<RemoteCertificateStore | undefined> {
  try {
    return await machine.certificates.openRemote(computer, 'Remote Desktop');
  } catch (error) {
    if (error instanceof WindowsError) return undefined;
    throw error;
  }
}

function remove(store: RemoteCertificateStore, thumbprint: string): 'stands' | 'deleted' | 'refused' {
  const isThere = (): boolean => store.list().some((view) => view.thumbprint === thumbprint);
  if (!isThere()) return 'stands';
  try {
    store.remove(thumbprint);
  } catch (error) {
    if (error instanceof WindowsError) return 'refused';
    throw error;
  }
  return isThere() ? 'refused' : 'deleted';
}

function outcomeOf(change: number, word: string, computer: string, thumbprint: string): OutcomeOfChange {
  const target = `\\\\${computer}\\Remote Desktop\\${thumbprint}`;
  return {
    change,
    do: 'peer-certificate',
    word,
    wrote:
      word === 'deleted' ? [{ what: 'delete certificate', target, before: 'in the store', after: null }] : [],
    data: [],
    error: word === 'not-possible' || word === 'refused' ? { code: 1, text: 'reg.exe ended with 1' } : null,
  };
}
