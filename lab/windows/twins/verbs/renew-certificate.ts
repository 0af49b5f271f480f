import type { VerbChange } from '../../../../shared/model/change.ts';
import { WIN32 } from '../../machine/errors.ts';
import {
  moveEntry,
  newFolder,
  readEntryKind,
  readKeyOpens,
  readRegistryKey,
  removeRegistryKey,
} from '../../seam.ts';
import { readCertificate, STORES } from '../certificates.ts';
import { begin, isOwed, owe, settle } from '../journal.ts';
import { hasFile, keyFolder, rdpKeyPath } from '../key-files.ts';
import { attempt, isOnline, noteData, noteWritten, waitUntil, type Run } from '../run.ts';
import { restartServices } from '../services.ts';

type RenewCertificate = Extract<VerbChange, { do: 'Renew-Certificate' }>;
type Word = 'renewed' | 'deleted' | 'guarded' | 'not-renewed';
const RENEW_SECONDS = 60;

/** Twin of `guest/lib/verbs/renew-certificate.ps1`. */
export async function renewCertificate(
  run: Run,
  { thumbprints, others, keyAside }: RenewCertificate,
): Promise<Word> {
  const wasOwed = isOwed(run, 'restart');
  const store = storeKey(run);
  let acted = false;
  for (const thumbprint of new Set([...thumbprints, ...(others ? unusable(run) : [])])) {
    const key = `${store}\\${thumbprint}`;
    if (!readRegistryKey(run.machine, key, ['-'])) continue;
    // Not one that an authority gave: only its owner has another.
    if (readCertificate(run.machine, key)?.selfIssued === false) {
      noteData(run, 'kept', thumbprint);
      continue;
    }
    if (isOnline(run)) owe(run, 'restart');
    begin(run, ['what=certificate', `target=${thumbprint}`]);
    const failure = await attempt(run, () => {
      removeRegistryKey(run.machine, key);
    });
    if (failure) {
      if (!acted && !wasOwed) settle(run, 'restart');
      if (failure.code !== WIN32.accessDenied) throw failure.thrown;
      noteData(run, 'thumbprint', thumbprint);
      return 'guarded';
    }
    acted = true;
    noteWritten(run, 'certificate', thumbprint, 'stored', null);
  }
  if (keyAside && moveAside(run)) acted = true;
  if (!isOnline(run)) return 'deleted';
  if (!acted && !wasOwed && hasCertificate(run)) return 'renewed';
  // SessionEnv makes the new certificate, TermService takes it up.
  const word = await restartServices(run, ['SessionEnv', 'TermService']);
  if (word === 'restarted' && (await waitUntil(run, RENEW_SECONDS, () => hasCertificate(run))))
    return 'renewed';
  noteData(run, 'restart', word);
  return 'not-renewed';
}

/** Beside the folder, where no provider looks for keys; it keeps its own permissions. A key that opens is a new one by now. */
function moveAside(run: Run): boolean {
  const path = rdpKeyPath(run);
  if (!hasFile(run, path)) return false;
  if (isOnline(run) && readKeyOpens(run.machine).Opens !== 'no') return false;
  const folder = `${keyFolder(run)}-rdp-medic`;
  const name = `${folder}${path.slice(path.lastIndexOf('\\'))}`;
  let to = name;
  for (let nth = 1; hasFile(run, to); nth++) to = `${name}.${String(nth)}`;
  if (isOnline(run)) owe(run, 'restart');
  begin(run, ['what=key-aside', `target=${path}`, `after=${to}`]);
  if (readEntryKind(run.machine, folder) === 'none') newFolder(run.machine, folder);
  moveEntry(run.machine, path, to);
  noteWritten(run, 'key-aside', path, path, to);
  return true;
}

function storeKey({ windows }: Run): string {
  return `${windows.software}\\${STORES.remoteDesktop}`;
}

/** Self-signed ones that are out of their time, and those that cannot be read. */
function unusable(run: Run): string[] {
  const store = storeKey(run);
  const names = readRegistryKey(run.machine, store, ['-'])?.Subkeys ?? [];
  return names.filter((name) => {
    const found = readCertificate(run.machine, `${store}\\${name}`);
    return !found || (found.selfIssued && found.notAfter <= run.machine.now());
  });
}

/** One that can be read and is not out of its time. */
function hasCertificate(run: Run): boolean {
  const store = storeKey(run);
  const names = readRegistryKey(run.machine, store, ['-'])?.Subkeys ?? [];
  return names.some(
    (name) => (readCertificate(run.machine, `${store}\\${name}`)?.notAfter ?? 0) > run.machine.now(),
  );
}
