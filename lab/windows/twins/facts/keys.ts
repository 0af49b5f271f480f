import { createHash } from 'node:crypto';
import type { SecuredPathFact } from '../../../../shared/model/facts.ts';
import type { Machine } from '../../machine.ts';
import { WIN32, WindowsError } from '../../machine/errors.ts';
import { readDescriptor, readFileCount, readKeyOpens } from '../../seam.ts';
import type { Reading } from '../facts.ts';
import { unreadOf } from '../failure.ts';
import { boundKeyName } from './certificates.ts';
import { machineGuid } from './windows.ts';

const CONTAINER = 'TSSecKeySet1';

export function unseenPath(): SecuredPathFact {
  return { state: 'unread', owner: '', sddl: '', error: null };
}

export async function readKeys(reading: Reading): Promise<void> {
  const { machine, windows, facts, part } = reading;
  const folder = `${windows.root}\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys`;
  const { keys } = facts;
  await part('keys.folder', () => {
    keys.folder = securedPath(machine, folder);
  });
  await part('keys.rdpKey', () => {
    const file = keyFile(CONTAINER, machineGuid(machine, windows.software));
    if (file === '') throw new Error('MachineGuidMissing: the name of the key cannot be told');
    keys.rdpKey = securedPath(machine, `${folder}\\${file}`);
  });
  await part('keys.boundKey', () => {
    const file = keyFile(boundKeyName(reading), machineGuid(machine, windows.software));
    if (file !== '') keys.boundKey = securedPath(machine, `${folder}\\${file}`);
  });
  await part('keys.files', () => {
    if (keys.folder.state !== 'missing') keys.files = readFileCount(machine, folder);
  });
  if (windows.scope === 'offline') return;
  await part('keys.opens', () => {
    const { Opens, Code } = readKeyOpens(machine);
    keys.opens = Opens;
    keys.opensCode = Code;
  });
}

function securedPath(machine: Machine, path: string): SecuredPathFact {
  try {
    const { Owner: owner, Sddl: sddl } = readDescriptor(machine, path);
    if (sddl.length > 8192) throw new Error('DescriptorTooLong: more entries than can be told');
    return { state: 'here', owner: owner.slice(0, 184), sddl, error: null };
  } catch (thrown) {
    const isMissing =
      thrown instanceof WindowsError &&
      [WIN32.fileNotFound, WIN32.pathNotFound].some((code) => code === thrown.code);
    return isMissing
      ? { ...unseenPath(), state: 'missing' }
      : { ...unseenPath(), error: unreadOf(machine, thrown) };
  }
}

/** `Get-KeyFileName`: MD5 of the container's name, as four little-endian numbers, and the machine's GUID. */
function keyFile(container: string, guid: string): string {
  if (/^[0-9a-f]{32}_[0-9A-Za-z-]{1,64}$/i.test(container)) return container;
  if (container === '' || guid === '') return '';
  const hash = createHash('md5').update(`${container.toLowerCase()}\0`, 'latin1').digest();
  const numbers = [0, 4, 8, 12].map((at) => hash.readUInt32LE(at).toString(16).padStart(8, '0'));
  return `${numbers.join('')}_${guid}`;
}
