import {
  collectParameters,
  applyParameters,
  peerParameters,
  undoParameters,
  type GuestParameters,
} from '../../../shared/guest/parameters.ts';
import * as command from './command-rules.ts';
import * as contract from './contract-rules.ts';
import { keepsNamesOutOfKeys } from './data-rules.ts';
import { LIBS, parseGuestFile, SCRIPTS } from './guest-files.ts';
import * as language from './language-rules.ts';
import * as machine from './machine-rules.ts';
import { functionName, ofType, type Rule } from './powershell.ts';

export type Rules = Readonly<Record<string, Rule>>;

/** For every file that is sent. Functions defined anywhere may be called: that each script has its own is checked in its whole text. */
export async function everywhere(): Promise<Rules> {
  const parsed = await Promise.all([...SCRIPTS, ...LIBS].map(parseGuestFile));
  const own = new Set(
    parsed.flatMap(({ root }) => ofType(root, 'function_statement').map((one) => functionName(one))),
  );
  const { callsOnlyWhatIsKnown, ...commands } = command;
  return {
    ...language,
    ...machine,
    ...commands,
    callsOnlyWhatIsKnown: callsOnlyWhatIsKnown(own),
    keepsNamesOutOfKeys,
    leavesByTheFrame: contract.leavesByTheFrame,
  };
}

export const IN_LIBS: Rules = {
  saysWhichItIs: contract.saysWhichItIs,
  makesConstantsOnly: contract.makesConstantsOnly,
};

const NONCE = '0123456789abcdef'.repeat(2);
const ONLINE = { nonce: NONCE, scope: 'online' } as const;
const OFFLINE = { nonce: NONCE, scope: 'offline' } as const;

/** What the service sends, by script. */
const SENT: Readonly<Record<string, readonly GuestParameters[]>> = {
  collect: [
    collectParameters(ONLINE),
    ...[0, 9, 10, 63].map((lun) => collectParameters({ ...OFFLINE, lun })),
  ],
  apply: [
    applyParameters(ONLINE, []).parameters,
    applyParameters({ ...OFFLINE, lun: 63 }, [{ do: 'Set-SerialConsole' }]).parameters,
    undoParameters(ONLINE, NONCE),
  ],
  'peer-certificate': [
    peerParameters(NONCE, '10.0.0.4', ['0A1B']),
    peerParameters(
      NONCE,
      '255.255.255.255',
      Array.from({ length: 16 }, () => 'F'.repeat(40)),
    ),
  ],
};

export function inScripts(id: string): Rules {
  const known = new Set(Object.values(SENT).flatMap((ways) => ways.flatMap((one) => Object.keys(one))));
  return {
    explainsItself: contract.explainsItself,
    carriesItsId: contract.carriesItsId,
    isStrict: contract.isStrict,
    endsInTheFrame: contract.endsInTheFrame,
    takesWhatIsSent: contract.takesWhatIsSent(SENT[id] ?? [], known),
  };
}
