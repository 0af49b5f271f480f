import type { Unread } from '../../../shared/model/facts.ts';
import type { Machine } from '../machine.ts';
import { WindowsError } from '../machine/errors.ts';
import { systemMessage } from '../system-messages.ts';
import { messageOf } from './answer.ts';

/** HRESULT of what PowerShell itself throws (COR_E_EXCEPTION family): a text of a script, a command that is not there. */
const POWERSHELL_ERROR = 0x80131501;
/** WBEM_E_FAILED */
const WMI_FAILED = 0x80041001;
const LONGEST_TEXT = 256;

/** `New-Unread`: why something could not be read, as Windows says it. */
export function unreadOf({ info }: Machine, thrown: unknown): Unread {
  const message = messageOf(thrown);
  if (!(thrown instanceof WindowsError))
    return { code: POWERSHELL_ERROR, text: message.slice(0, LONGEST_TEXT) };
  return { code: thrown.code >>> 0, text: systemMessage(thrown, info.culture).slice(0, LONGEST_TEXT) };
}

/** What any command says that asks WMI, where WMI gives no answer. */
export function requireWmi({ info }: Machine): void {
  if (!info.wmiWorks) throw new WindowsError(WMI_FAILED, 'the WMI repository is damaged');
}
