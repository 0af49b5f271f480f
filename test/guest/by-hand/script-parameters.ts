import { composeScript, type GuestScriptId } from '../../../shared/guest/compose.ts';

const IDS: readonly GuestScriptId[] = ['collect', 'apply', 'peer-certificate'];

/** Names of the parameters that each script of the zip takes, by its file. */
export const GUEST_SCRIPT_PARAMETERS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  IDS.map((id) => {
    const [block = ''] = /^param\([^]*?^\)$/m.exec(composeScript(id)) ?? [];
    return [`${id}.ps1`, [...block.matchAll(/\[string\] \$(\w+)/g)].map(([, name = '']) => name)];
  }),
);
