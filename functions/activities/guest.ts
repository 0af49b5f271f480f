import { failureOf } from '../../shared/azure/operation.ts';
import { beginRemoveRunCommand, beginRunCommand, readRunCommand } from '../../shared/azure/run-command.ts';
import { checkParameters, composeScript, guestScript } from '../../shared/catalog/guest-scripts.ts';
import { MedicError } from '../../shared/errors.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import { readGuestResult } from '../../shared/repair/guest-output.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';

/** Activities that run scripts inside Windows, through managed Run Command. */
export function registerGuestActivities({ azure, evidence }: ActivityDependencies): void {
  implement(ACTIVITIES.beginGuestScript, async ({ vmId, scriptId, parameters, runName, ...maker }) => {
    const { timeoutSeconds } = guestScript(scriptId);
    const place = await evidence.place(maker.remediationId, `${runName}.txt`);
    const operation = await beginRunCommand(azure, {
      vmId,
      name: runName,
      script: composeScript(scriptId),
      parameters: checkParameters(scriptId, parameters),
      timeoutSeconds,
      outputBlobUri: place.writeUri,
      maker,
    });
    return { evidenceUrl: place.url, timeoutSeconds, operation };
  });

  implement(ACTIVITIES.readGuestScript, async ({ vmId, scriptId, runName, evidenceUrl, operation }) => {
    const { state, output, error, message } = await readRunCommand(azure, vmId, runName);
    if (state === 'running') return { run: null };
    if (state === 'failed') {
      const why = (await failureOf(azure, operation)) ?? `${message} ${error}`.trim();
      throw new MedicError('GuestScriptFailed', `${scriptId} could not be run: ${why}`);
    }
    const result = readGuestResult(output, scriptId);
    return { run: { result, evidence: [{ name: `${scriptId}: output`, url: evidenceUrl }] } };
  });

  implement(ACTIVITIES.removeGuestScript, ({ vmId, runName }) => beginRemoveRunCommand(azure, vmId, runName));
}
