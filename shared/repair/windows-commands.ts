import type { GuestAction } from '../model/finding.ts';
import { plainName } from './plain-name.ts';
import { powershellText as ps } from './quote.ts';

/** What to do inside Windows to take something back: in words, and where it can be typed, in lines of an elevated PowerShell. */
export interface Back {
  readonly words: string;
  readonly lines: readonly string[];
}

type Values = Pick<GuestAction, 'target' | 'before' | 'after'>;

/** A file or folder of Windows, with nothing in it that a console reads more into. */
const PATH = /^[A-Za-z]:\\[\w .{}\\-]+$/;
/** A security descriptor ([MS-DTYP] 2.5.1), without conditional entries: those hold quotes. */
const SDDL = /^[A-Za-z0-9:;()_-]+$/;
const SID = /^S-1(-\d+)+$/;
const KEY = /^(SYSTEM|SOFTWARE)\\[\w .\\-]+\\([\w .-]+)$/i;
/** A number or a plain word: what is a list, or holds more than that, is put back by hand. */
const VALUE = /^[\w .-]{1,64}$/;

/** Nothing to take back. */
export const NOTHING: Back = { words: '', lines: [] };

export function inWords(words: string): Back {
  return { words, lines: [] };
}

/** A cmdlet of Windows for a thing of this name; words alone where a shell could read more in the name. */
export function cmdlet(words: string, verb: string, name: string, more = ''): Back {
  if (plainName(name) !== name) return inWords(`${words} (${verb}${more === '' ? '' : ` ${more}`}).`);
  return { words: `${words}.`, lines: [[`${verb} -Name '${name}'`, more].filter(Boolean).join(' ')] };
}

export function putBack({ before }: Values): Back {
  return inWords(before === null ? 'It did not exist before: remove it.' : `Set it back to ${before}.`);
}

/** A value that stands there keeps its kind when it is set. */
export function registryBack({ target, before, after }: Values): Back {
  const { words } = putBack({ target, before, after });
  const [whole, , name] = KEY.exec(target) ?? [];
  if (whole === undefined || name === undefined || (before !== null && !VALUE.test(before)))
    return inWords(words);
  const key = ps(`HKLM:\\${whole.slice(0, -name.length - 1)}`);
  if (before === null) return { words, lines: [`Remove-ItemProperty -LiteralPath ${key} -Name ${ps(name)}`] };
  // A value that was removed has no kind any more to go by.
  if (after === null) return inWords(words);
  const set = `Set-ItemProperty -LiteralPath ${key} -Name ${ps(name)} -Value ${ps(before)}`;
  if (!/\\RDP-Tcp\\PortNumber$/i.test(target)) return { words, lines: [set] };
  const rules = ['RemoteDesktop-UserMode-In-TCP', 'RemoteDesktop-UserMode-In-UDP'];
  return {
    words: `Set it back to ${before}, and the port of the built-in RDP firewall rules too.`,
    lines: [
      set,
      ...rules.map((rule) => `Set-NetFirewallRule -Name '${rule}' -LocalPort ${ps(before)}`),
      "Restart-Service -Name 'TermService' -Force",
    ],
  };
}

export function accessBack({ target, before }: Values): Back {
  const words = 'Restore its previous permissions.';
  if (before === null || !SDDL.test(before) || !PATH.test(target)) return inWords(words);
  return {
    words,
    lines: [
      `$acl = Get-Acl -LiteralPath ${ps(target)}`,
      `$acl.SetSecurityDescriptorSddlForm(${ps(before)}, 'Access')`,
      `Set-Acl -LiteralPath ${ps(target)} -AclObject $acl`,
    ],
  };
}

export function ownerBack({ target, before }: Values): Back {
  if (before === null) return inWords('The previous owner could not be read.');
  const words = 'Restore its previous owner.';
  if (!SID.test(before) || !PATH.test(target)) return inWords(`Make ${before} the owner again.`);
  return { words, lines: [`icacls ${ps(target)} /setowner ${ps(`*${before}`)}`] };
}

export function keyBack({ before, after }: Values): Back {
  const words = 'Move the key back to where it was.';
  if (before === null || after === null || !PATH.test(before) || !PATH.test(after)) return inWords(words);
  return { words, lines: [`Move-Item -LiteralPath ${ps(after)} -Destination ${ps(before)}`] };
}

export function runningBack({ target, before, after }: Values): Back {
  if (before === after) return NOTHING;
  return after === 'Running'
    ? cmdlet('Stop it', 'Stop-Service', target, '-Force')
    : cmdlet('Start it', 'Start-Service', target);
}

/** The start types that `Set-Service` of Windows PowerShell knows. */
const START_TYPES = ['Automatic', 'Manual', 'Disabled'];

export function startTypeBack({ target, before }: Values): Back {
  const words = `Set its start type back to ${before ?? 'its previous value'}`;
  return before !== null && START_TYPES.includes(before)
    ? cmdlet(words, 'Set-Service', target, `-StartupType ${before}`)
    : inWords(`${words}.`);
}
