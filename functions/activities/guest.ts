import { failureOf } from '../../shared/azure/operation.ts';
import { beginRemoveRunCommand, beginRunCommand, readRunCommand } from '../../shared/azure/run-command.ts';
import { MedicError } from '../../shared/errors.ts';
import { composeScript, timeoutSecondsOf } from '../../shared/guest/compose.ts';
import { taskParameters } from '../../shared/guest/parameters.ts';
import { readAnswer, type ExpectedAnswer, type GuestOutput } from '../../shared/guest/read-answer.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { GuestAnswer } from '../../shared/model/guest-answer.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { implement } from './implement.ts';
import { mandated } from './mandate.ts';

/** Activities that run scripts inside Windows, through managed Run Command. */
export function registerGuestActivities(deps: ActivityDependencies): void {
  const { azure, deployment, evidence, peerAccount } = deps;
  implement(
    ACTIVITIES.beginGuestScript,
    mandated(deps, async ({ vmId, task, nonce, runName, ...maker }) => {
      const timeoutSeconds = timeoutSecondsOf(task.script);
      const { parameters, hash } = taskParameters(task, nonce);
      const place = await evidence.place(maker.remediationId, `${runName}.txt`);
      const operation = await beginRunCommand(azure, {
        vmId,
        name: runName,
        script: composeScript(task.script),
        parameters,
        runAs: task.script === 'peer-certificate' ? peerAccount : undefined,
        timeoutSeconds,
        outputBlobUri: place.writeUri,
        maker: { ...maker, deployment },
      });
      return { evidenceUrl: place.url, timeoutSeconds, hash, operation };
    }),
  );

  implement(
    ACTIVITIES.readGuestScript,
    async ({ vmId, script, nonce, hash, runName, evidenceUrl, operation }) => {
      const { state, output, error, message } = await readRunCommand(azure, vmId, runName);
      if (state === 'running') return { run: null };
      if (state === 'failed') {
        const why = (await failureOf(azure, operation)) ?? `${message} ${error}`.trim();
        throw new MedicError('GuestScriptFailed', `${script} could not be run: ${why}`);
      }
      const answer = await readTailsOrWhole(
        { stdoutTail: output, stderrTail: error },
        { script, nonce },
        () => evidence.read(evidenceUrl),
      );
      // What was carried out is what was sent; a script that failed before it could tell has changed nothing.
      if (answer.hash !== hash && !(answer.hash === '' && answer.error !== null))
        throw new MedicError('GuestResultMissing', `${script} answered for other changes than were sent.`);
      return { run: { answer, evidence: [{ name: `${script}: output`, url: evidenceUrl }] } };
    },
  );

  implement(
    ACTIVITIES.removeGuestScript,
    mandated(deps, ({ vmId, runName }) => beginRemoveRunCommand(azure, vmId, runName)),
  );
}

/** What Azure keeps of the output mostly holds the answer; where it does not, all of it may lie in the evidence. */
async function readTailsOrWhole(
  tails: GuestOutput,
  expected: ExpectedAnswer,
  readWhole: () => Promise<string | undefined>,
): Promise<GuestAnswer> {
  try {
    return readAnswer(tails, expected);
  } catch (error) {
    const whole = await readWhole();
    if (whole === undefined) throw error;
    return readAnswer({ ...tails, whole }, expected);
  }
}
