import { answering, ScriptError } from './answer.ts';
import { onDisk } from './disk-session.ts';
import { readFacts } from './facts.ts';
import type { Twin } from './twin.ts';
import { runningWindows } from './opened-windows.ts';

/** `guest/collect.ps1`. */
export const collectTwin: Twin = (machine, { text, parameters }) => {
  const { Nonce: nonce = '', Scope: scope = '', Lun: lun = '' } = parameters;
  return answering('collect', nonce, async (answer) => {
    if (scope === 'online') answer.facts = await readFacts(machine, runningWindows(machine), text);
    else if (lun === '') throw new ScriptError('ParameterInvalid', 'an offline run needs the LUN');
    else
      await onDisk(machine, parameters, async (windows) => {
        answer.facts = await readFacts(machine, windows, text);
      });
  });
};
