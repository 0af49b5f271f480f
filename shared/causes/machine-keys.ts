import type { Change } from '../model/change.ts';
import type { Finding } from '../model/finding.ts';
import type { Cause, Look } from './cause.ts';
import { renew } from './certificates.ts';
import { findingsOf, whereFaulty } from './finding.ts';
import { isKeyDamaged, unusableKeys } from './keys.ts';
import { restartRdp } from './services.ts';

const FINDINGS = {
  MachineKeysUnreadable: 'Windows cannot access the MachineKeys folder, or an RDP key in it',
  MachineKeyDamaged: 'the RDP private key can be read but not opened',
} as const;
const found = findingsOf('machine-keys', FINDINGS);

const UNREADABLE = {
  folder: { what: 'folder', detail: 'Windows cannot access the MachineKeys folder' },
  'rdp-key': { what: 'RDP key', detail: 'the RDP private key cannot be read' },
  'bound-key': { what: 'bound key', detail: 'the private key of the bound certificate cannot be read' },
} as const;

/** Keys of other software are no business of RDP's: neither looked at nor touched. */
function detect({ facts }: Look): Finding[] {
  return [
    ...unusableKeys(facts).map((key) => {
      const { what, detail } = UNREADABLE[key];
      return found('MachineKeysUnreadable', 'fault', { what }, detail);
    }),
    ...(isKeyDamaged(facts)
      ? [
          found('MachineKeyDamaged', 'fault', {
            code: `0x${facts.keys.opensCode.toString(16).toUpperCase()}`,
          }),
        ]
      : []),
  ];
}

function repair(look: Look): Change[] {
  const { facts } = look;
  const mended = unusableKeys(facts).map((what): Change => ({ do: 'Repair-KeyAccess', what }));
  // Certificate and key are made anew together; the key is kept aside, never deleted.
  const renewed = isKeyDamaged(facts) ? renew(facts, facts.rdpCertificates.items, { keyAside: true }) : [];
  const changes = [...mended, ...renewed];
  return changes.length > 0 ? [...changes, ...restartRdp(look, ['SessionEnv', 'TermService'])] : [];
}

export const machineKeys: Cause = {
  id: 'machine-keys',
  step: 'certificate-and-keys',
  order: 30,
  title: 'The private keys cannot be read',
  findings: FINDINGS,
  reads: [],
  writes: [],
  detect,
  repair: whereFaulty(detect, repair),
  takesEffect: 'now',
  words: {
    seen: 'SYSTEM or NETWORK SERVICE cannot use `MachineKeys`, the RDP key in it (`f686aace6942fb7f7ceb231212eef4a4_` + `MachineGuid`) or the key of a bound certificate; online also a damaged key.',
    mend: 'Takes ownership, grants SYSTEM and Administrators full control and NETWORK SERVICE read, removes deny entries, on the folder and the RDP keys only; a damaged key and its certificate are replaced by new ones from Windows (online).',
    guidance: 'Grant NETWORK SERVICE read and SYSTEM full control on the RDP key in MachineKeys.',
    byHand:
      '`icacls.exe FILE /save before.txt`, note the owner (icacls does not save it), `takeown.exe /f FILE /a`, `icacls.exe FILE /grant "*S-1-5-32-544:F" "*S-1-5-18:F" "*S-1-5-20:R"`, `Restart-Service TermService -Force`',
    undo: '`icacls.exe FOLDER /restore before.txt`, `icacls.exe FILE /setowner "*SID"`; the record lists the previous permissions.',
  },
  recipe: [
    { do: 'Repair-KeyAccess', what: 'folder' },
    { do: 'Repair-KeyAccess', what: 'rdp-key' },
  ],
};
