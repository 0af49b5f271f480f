import type { CertificateStore, CertificateView, Machine } from '../machine.ts';
import { WIN32, WindowsError } from '../machine/errors.ts';
import { date, textOf, type CommandSet, type Output } from './command.ts';

export const certificateCommands: CommandSet = {
  commands: {
    'X509Store.Open': async (machine, args) => {
      const { address, store } = remoteStore(textOf(args, 'name'));
      const remote = await machine.certificates.openRemote(address, store);
      return views(remote.list());
    },
    'X509Store.Remove': async (machine, args) => {
      const { address, store } = remoteStore(textOf(args, 'name'));
      const remote = await machine.certificates.openRemote(address, store);
      remote.remove(textOf(args, 'thumbprint'));
    },
    /** Opens a key container of the machine: its file must be readable to the account, and whole. */
    'RSACryptoServiceProvider.Open': (machine, args) => {
      machine.certificates.openKey(textOf(args, 'container'));
    },
  },
};

interface CertificatePath {
  store: CertificateStore;
  thumbprint?: string;
}

/** `Cert:\LocalMachine\<store>[\<thumbprint>]`; `undefined` for another provider's path. */
export function parseCertificatePath(path: string): CertificatePath | undefined {
  const [, store, thumbprint] = /^Cert:\\LocalMachine\\([^\\]+)(?:\\([0-9A-F]+))?$/i.exec(path) ?? [];
  if (store === undefined) return undefined;
  return { store: storeOf(store), ...(thumbprint === undefined ? {} : { thumbprint }) };
}

function storeOf(name: string): CertificateStore {
  if (name.toLowerCase() === 'my') return 'My';
  if (name.toLowerCase() === 'remote desktop') return 'Remote Desktop';
  throw new WindowsError(WIN32.fileNotFound, `there is no store ${name}`);
}

/** A corrupt one is not in the store as far as .NET can tell. */
export function certificateItems(machine: Machine, { store, thumbprint }: CertificatePath): Output {
  return views(
    machine.certificates.list(store).filter((view) => thumbprint === undefined || same(view, thumbprint)),
  );
}

export function certificateAt(machine: Machine, { store, thumbprint }: CertificatePath): boolean {
  return thumbprint === undefined || machine.certificates.list(store).some((view) => same(view, thumbprint));
}

export function removeCertificate({ certificates }: Machine, { store, thumbprint }: CertificatePath): void {
  if (thumbprint === undefined)
    throw new WindowsError(WIN32.accessDenied, 'a store is not deleted like this');
  certificates.remove(store, thumbprint);
}

function same(view: CertificateView, thumbprint: string): boolean {
  return view.thumbprint.toLowerCase() === thumbprint.toLowerCase();
}

function views(certificates: readonly CertificateView[]): Output {
  return certificates
    .filter(({ corrupt }) => !corrupt)
    .map((view) => ({
      Thumbprint: view.thumbprint,
      Subject: view.subject,
      Issuer: view.issuer,
      NotBefore: date(view.notBefore),
      NotAfter: date(view.notAfter),
      HasPrivateKey: view.hasPrivateKey,
    }));
}

/** `\\10.0.0.4\Remote Desktop`. */
function remoteStore(name: string): { address: string; store: CertificateStore } {
  const [, address, store] = /^\\\\([^\\]+)\\(.+)$/.exec(name) ?? [];
  if (address === undefined || store === undefined)
    throw new WindowsError(WIN32.invalidParameter, `${name} is not a store of another machine`);
  return { address, store: storeOf(store) };
}
