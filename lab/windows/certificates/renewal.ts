import { hiveText, setHiveValue, deleteHiveKey } from '../hive.ts';
import { same } from '../lookup.ts';
import type { Status } from '../messages.ts';
import { WindowsError } from '../machine/errors.ts';
import type { Running } from '../machine/running.ts';
import { TERMINAL_SERVER } from '../rdp/settings.ts';
import { SID } from '../sids.ts';
import { allows, fileAt, mayDelete, removeFile } from '../volume.ts';
import { encodeBlob, thumbprintOf } from './blob.ts';
import { pooledRsaKey } from './rsa-keys.ts';
import { makeSelfSigned } from './self-signed.ts';
import { certificatesOf, MACHINE_KEYS, rdpKeyFile, storeKey } from './store.ts';

export const RDP_STORE = 'Remote Desktop';
const MONTH_MS = 30.44 * 24 * 3_600_000;
const VALID_MONTHS = 6;
const PROFILE_LIST = 'Microsoft\\Windows NT\\CurrentVersion\\ProfileList';
const NEEDED_SERVICES = ['KeyIso', 'CryptSvc', 'CertPropSvc'];

/**
 * What SessionEnv does when it starts; only Windows' own, the self-signed ones, are its business. A store without one, or whose certificate has lost its key,
 * gets a new self-signed one. An expired or corrupt certificate stays, with event 1058: the runbook deletes it
 * *before* the restart, which is what makes Windows begin anew.
 */
export function ensureRdpCertificate(running: Running, start: (service: string) => void): void {
  const { software, volume, log } = running;
  const machineGuid = hiveText(software, 'Microsoft\\Cryptography', 'MachineGuid') ?? '';
  const keyPath = `${MACHINE_KEYS}\\${rdpKeyFile(machineGuid)}`;
  const existing = certificatesOf(software, volume, RDP_STORE).filter(
    ({ selfSigned, corrupt }) => selfSigned || corrupt,
  );
  const [current] = existing;
  const keepsKeyless = running.osDisk.quirks?.keepsKeylessCertificate === true;
  if (current && (keepsKeyless || fileAt(volume, keyPath))) {
    if (current.corrupt || current.notAfter < running.now()) {
      log.write(certificateEvent(1058, 'error'));
    }
    return;
  }
  const problem = obstacle(running, keyPath, start);
  if (problem !== undefined) {
    if (problem === 'accessDenied') {
      log.write({
        log: 'System',
        id: 36870,
        provider: 'Schannel',
        level: 'error',
        data: { Status: '0x8009030D', State: '10001' },
      });
    }
    log.write({ ...certificateEvent(1057, 'error'), detail: { status: problem } });
    return;
  }
  for (const { thumbprint } of existing) deleteHiveKey(software, `${storeKey(RDP_STORE)}\\${thumbprint}`);
  const thumbprint = writeNewCertificate(running, keyPath);
  log.write({ ...certificateEvent(1056, 'information'), detail: { text: thumbprint } });
}

/** Why no certificate can be made; `undefined` when it can (server article). */
function obstacle(running: Running, keyPath: string, start: (service: string) => void): Status | undefined {
  const { system, software, controlSet, volume } = running;
  const winStations = `${controlSet}\\${TERMINAL_SERVER}\\WinStations`;
  const store = hiveText(system, winStations, 'SelfSignedCertStore') ?? RDP_STORE;
  const programData = hiveText(software, PROFILE_LIST, 'ProgramData') ?? '';
  if (!same(store, RDP_STORE)) return 'noFile';
  if (!same(programData, '%SystemDrive%\\ProgramData')) return 'noKeyset';
  try {
    NEEDED_SERVICES.forEach(start);
  } catch (error) {
    if (error instanceof WindowsError) return 'noService';
    throw error;
  }
  if (!fileAt(volume, MACHINE_KEYS)) return 'noFile';
  if (running.osDisk.quirks?.diskFull === true) return 'diskFull';
  if (fileAt(volume, keyPath) && !mayDelete(volume, keyPath, SID.system)) return 'accessDenied';
  return allows(volume, MACHINE_KEYS, SID.system, 'write') ? undefined : 'accessDenied';
}

function writeNewCertificate(running: Running, keyPath: string) {
  const { software, volume, surroundings, system, controlSet } = running;
  const computerName =
    hiveText(system, `${controlSet}\\Control\\ComputerName\\ComputerName`, 'ComputerName') ??
    surroundings.vmName;
  const key = pooledRsaKey();
  const now = running.now();
  const der = makeSelfSigned({
    subject: computerName,
    key,
    notBefore: now - 60_000,
    notAfter: now + VALID_MONTHS * MONTH_MS,
  });
  // The old key goes first, with whatever permissions it had.
  removeFile(volume, keyPath);
  volume.files[keyPath] = rdpKeyEntry(key);
  const thumbprint = thumbprintOf(der);
  const keyFile = keyPath.slice(MACHINE_KEYS.length + 1);
  setHiveValue(software, `${storeKey(RDP_STORE)}\\${thumbprint}`, 'Blob', {
    type: 'REG_BINARY',
    value: encodeBlob({ der, keyFile }),
  });
  return thumbprint;
}

/** A key file as Windows makes it: NETWORK SERVICE reads, SYSTEM has all, nobody else (server article). */
export function rdpKeyEntry(pem: string) {
  return {
    kind: 'key' as const,
    owner: SID.system,
    inherits: false,
    acl: [
      { sid: SID.system, rights: 'F' as const, type: 'allow' as const },
      { sid: SID.networkService, rights: 'R' as const, type: 'allow' as const },
    ],
    key: { pem },
  };
}

function certificateEvent(id: number, level: 'error' | 'information') {
  return {
    log: 'System' as const,
    id,
    level,
    provider: 'Microsoft-Windows-TerminalServices-RemoteConnectionManager',
    data: {},
  };
}
