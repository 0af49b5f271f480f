import { CAUSE_IDS, type CauseId } from '../model/cause.ts';
import type { StepId } from '../model/record.ts';

/** One known cause of "an internal error has occurred". */
export interface Cause {
  readonly id: CauseId;
  /** The step of the runbook that repairs it. */
  readonly step: Extract<StepId, 'rdp-security' | 'rdp-port' | 'certificate-and-keys' | 'tls'>;
  readonly title: string;
  /** Whether `guest/online/<id>.ps1` and `guest/offline/<id>.ps1` repair it; else it is Azure's network. */
  readonly guestScripts: boolean;
  /** What to do by hand where no script may. */
  readonly guidance: string;
}

/** The catalogue, in the order in which causes are repaired: the runbook's. */
export const CAUSES: readonly Cause[] = [
  {
    id: 'open-to-internet',
    step: 'rdp-security',
    title: 'RDP is open to the Internet',
    guestScripts: false,
    guidance:
      'Restrict the source of the inbound rule to the addresses of administrators, or use Bastion or just-in-time access.',
  },
  {
    id: 'rdp-denied',
    step: 'rdp-port',
    title: 'Remote Desktop connections are denied',
    guestScripts: true,
    guidance: 'Set fDenyTSConnections to 0; if a policy sets it, change the policy.',
  },
  {
    id: 'rdp-listener',
    step: 'rdp-port',
    title: 'The RDP listener is off or missing',
    guestScripts: true,
    guidance:
      'Restore the key WinStations\\RDP-Tcp from a VM of the same Windows version and set fEnableWinStation to 1.',
  },
  {
    id: 'term-service',
    step: 'rdp-port',
    title: 'Remote Desktop Services is disabled or stopped',
    guestScripts: true,
    guidance: 'Set TermService to manual start, logging on as NT AUTHORITY\\NetworkService, and start it.',
  },
  {
    id: 'rdp-port',
    step: 'rdp-port',
    title: 'Another program holds the RDP port',
    guestScripts: true,
    guidance:
      'Stop the program, or move RDP to another port in registry, firewall and network security group.',
  },
  {
    id: 'rdp-firewall',
    step: 'rdp-port',
    title: 'Windows Firewall blocks the RDP port',
    guestScripts: true,
    guidance: 'Enable the rules RemoteDesktop-UserMode-In-TCP and -UDP; look for a Block rule set by policy.',
  },
  {
    id: 'machine-keys',
    step: 'certificate-and-keys',
    title: 'The private keys cannot be read',
    guestScripts: true,
    guidance: 'Give NETWORK SERVICE read and SYSTEM full control on the RDP key in MachineKeys.',
  },
  {
    id: 'rdp-certificate',
    step: 'certificate-and-keys',
    title: 'The RDP certificate is expired, corrupt or missing',
    guestScripts: true,
    guidance: 'Delete the self-signed certificate in the store "Remote Desktop" and restart SessionEnv.',
  },
  {
    id: 'tls',
    step: 'tls',
    title: 'TLS is disabled',
    guestScripts: true,
    guidance: 'Enable TLS 1.2 for the server in SCHANNEL; if a group policy disables it, change the policy.',
  },
  {
    id: 'rdp-security-layer',
    step: 'tls',
    title: 'The security settings of the listener do not fit together',
    guestScripts: true,
    guidance:
      'Set SecurityLayer 2, UserAuthentication 1, MinEncryptionLevel 3 and fAllowSecProtocolNegotiation 1.',
  },
];

/** The causes among the given ones, in the order of the catalogue, each once. */
export function inOrder(ids: Iterable<CauseId>): CauseId[] {
  const wanted = new Set(ids);
  return CAUSES.map(({ id }) => id).filter((id) => wanted.has(id));
}

/** The catalogue's row of a cause. */
export function causeOf(id: CauseId): Cause {
  const cause = CAUSES.find((row) => row.id === id);
  if (!cause) throw new Error(`the catalogue lacks ${id}, one of ${CAUSE_IDS.join(', ')}`);
  return cause;
}
