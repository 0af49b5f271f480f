import type { Cause } from './cause.ts';
import { renew } from './certificates.ts';
import { findingsOf, whereFaulty } from './finding.ts';
import { isFolderGone } from './keys.ts';

const FINDINGS = {
  MachineKeysMissing: 'the MachineKeys folder is missing, with all keys in it',
} as const;
const found = findingsOf('machine-keys-missing', FINDINGS);

const detect: Cause['detect'] = ({ facts }) =>
  isFolderGone(facts) ? [found('MachineKeysMissing', 'fault')] : [];

export const machineKeysMissing: Cause = {
  id: 'machine-keys-missing',
  step: 'certificate-and-keys',
  order: 20,
  title: 'The folder of the private keys is missing',
  findings: FINDINGS,
  reads: [],
  writes: [],
  detect,
  // A certificate without its key is of no use to anybody: Windows makes both anew.
  repair: whereFaulty(detect, ({ facts }) => [
    { do: 'Repair-KeyAccess', what: 'folder' },
    ...renew(facts, facts.rdpCertificates.items, { keyAside: false }),
  ]),
  takesEffect: 'now',
  words: {
    seen: '`C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys` does not exist.',
    mend: 'Creates the folder with its default permissions, deletes the self-signed certificate that has lost its key, restarts the RDP services: Windows creates a new key and certificate. Keys of other software are lost: restore them from a backup.',
    guidance:
      'Create the folder MachineKeys (Everyone: read and write, Administrators and SYSTEM: full), delete the self-signed certificate and restart SessionEnv; restore the keys of other software from a backup.',
    byHand:
      '`New-Item -ItemType Directory C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys`, `icacls.exe C:\\ProgramData\\Microsoft\\Crypto\\RSA\\MachineKeys /grant "*S-1-1-0:(R,W)" "*S-1-5-32-544:F" "*S-1-5-18:F"`, then as for `rdp-certificate`',
    undo: 'None: the folder belongs there.',
  },
  recipe: [{ do: 'Repair-KeyAccess', what: 'folder' }],
};
