import { same } from '../lookup.ts';
import type { CertificateOps, Machine, RemoteCertificateStore } from '../machine.ts';
import { WindowsError } from '../machine/errors.ts';
import { failure, lines, type ProgramOutput } from './command.ts';

/** The one key of another machine that the scripts look at: its certificates of RDP. */
const REMOTE_CERTIFICATES =
  /^\\\\([^\\]+)\\HKLM\\(SOFTWARE\\Microsoft\\SystemCertificates\\Remote Desktop\\Certificates)(?:\\([0-9A-F]{40}))?$/i;

/**
 * `reg.exe query` and `delete` of `\\ADDRESS\HKLM\…`, by Remote Registry; `undefined` for a key of this machine.
 */
export async function remoteRegistry(
  { certificates }: Machine,
  [verb = '', key = '']: readonly string[],
): Promise<ProgramOutput | undefined> {
  if (!key.startsWith('\\\\')) return undefined;
  const [, address = '', path = '', thumbprint] = REMOTE_CERTIFICATES.exec(key) ?? [];
  if (address === '') return failure(1, `ERROR: reg ${verb} ${key} is not imitated`);
  const store = await openOrFail(certificates, address);
  if ('exitCode' in store) return store;
  if (verb === 'delete' && thumbprint !== undefined) {
    try {
      store.remove(thumbprint);
    } catch (error) {
      return refusalOf(error);
    }
    return lines('The operation completed successfully.');
  }
  if (verb !== 'query') return failure(1, `ERROR: reg ${verb} is not imitated`);
  const found = store.list().filter((view) => thumbprint === undefined || same(view.thumbprint, thumbprint));
  if (thumbprint !== undefined && found.length === 0)
    return failure(1, 'ERROR: The system was unable to find the specified registry key or value.');
  return lines('', ...found.map((view) => `HKEY_LOCAL_MACHINE\\${path}\\${view.thumbprint}`));
}

async function openOrFail(
  certificates: CertificateOps,
  address: string,
): Promise<RemoteCertificateStore | ProgramOutput> {
  try {
    return await certificates.openRemote(address, 'Remote Desktop');
  } catch (error) {
    return refusalOf(error);
  }
}

/** `reg.exe` says in its exit code that it was refused, and why only in words. */
function refusalOf(error: unknown): ProgramOutput {
  if (error instanceof WindowsError) return failure(1, `ERROR: ${error.message}`);
  throw error;
}
