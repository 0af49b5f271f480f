import type { Machine } from '../machine.ts';
import { failure, lines, type ProgramOutput } from './command.ts';

/** The one key of another machine that the scripts look at: its certificates of RDP. */
const REMOTE_CERTIFICATES =
  /^\\\\([^\\]+)\\HKLM\\(SOFTWARE\\Microsoft\\SystemCertificates\\Remote Desktop\\Certificates)(?:\\([0-9A-F]{40}))?$/i;

/**
 * `reg.exe query` and `delete` of `\\ADDRESS\HKLM\…`, by Remote Registry; `undefined` for a key of this machine.
 * Throws what the other machine refuses with.
 */
export async function remoteRegistry(
  { certificates }: Machine,
  [verb = '', key = '']: readonly string[],
): Promise<ProgramOutput | undefined> {
  if (!key.startsWith('\\\\')) return undefined;
  const [, address = '', path = '', thumbprint] = REMOTE_CERTIFICATES.exec(key) ?? [];
  if (address === '') return failure(1, `ERROR: reg ${verb} ${key} is not imitated`);
  const store = await certificates.openRemote(address, 'Remote Desktop');
  if (verb === 'delete' && thumbprint !== undefined) {
    store.remove(thumbprint);
    return lines('The operation completed successfully.');
  }
  if (verb !== 'query') return failure(1, `ERROR: reg ${verb} is not imitated`);
  return lines('', ...store.list().map((view) => `HKEY_LOCAL_MACHINE\\${path}\\${view.thumbprint}`));
}
