import { failureOf } from '../../shared/azure/operation.ts';
import { beginRemoveRunCommand, beginRunCommand, readRunCommand } from '../../shared/azure/run-command.ts';
import { MedicError } from '../../shared/errors.ts';
import { composeScript, timeoutSecondsOf } from '../../shared/guest/compose.ts';
import { taskParameters } from '../../shared/guest/parameters.ts';
import { readAnswer, type ExpectedAnswer, type GuestOutput } from '../../shared/guest/read-answer.ts';
import { ACTIVITIES } from '../../shared/model/activity.ts';
import type { GuestAnswer } from '../../shared/model/guest-answer.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { guestOutputs } from './guest-output.ts';
import { implement } from './implement.ts';
import { implementMandated } from './mandate.ts';

/** Activities that run scripts inside Windows, through managed Run Command. */
export function registerGuestActivities(deps: ActivityDependencies): void {
  const { azure, deployment, evidence, peerAccount } = deps;
  implementMandated(deps, ACTIVITIES.beginGuestScript, async (asked) => {
    const { vmId, task, nonce, runName, location, usualSeconds: _, ...maker } = asked;
    const timeoutSeconds = timeoutSecondsOf(task.script);
    const { parameters, hash } = taskParameters(task, nonce);
    const place = await guestOutputs(evidence, maker.remediationId, vmId).placeFor(task, runName);
    const operation = await beginRunCommand(azure, {
      vmId,
      location,
      name: runName,
      script: composeScript(task.script),
      parameters,
      runAs: task.script === 'peer-certificate' ? peerAccount : undefined,
      timeoutSeconds,
      outputBlobUri: place?.writeUri,
      maker: { ...maker, deployment },
    });
    return { evidenceUrl: place?.url ?? null, timeoutSeconds, hash, operation };
  });

  implement(ACTIVITIES.readGuestScript, async (run) => {
    const { vmId, remediationId, script, nonce, hash, runName, evidenceUrl, operation } = run;
    const { state, output, error, message } = await readRunCommand(azure, vmId, runName);
    if (state === 'running') return { run: null };
    if (state === 'failed') {
      const why = (await failureOf(azure, operation)) ?? `${message} ${error}`.trim();
      throw new MedicError('GuestScriptFailed', `${script} could not be run: ${why}`);
    }
    const outputs = guestOutputs(evidence, remediationId, vmId);
    const tails = { stdoutTail: output, stderrTail: error };
    const whole = evidenceUrl === null ? undefined : await evidence.read(evidenceUrl);
    const printed = `${output}${error}${whole ?? ''}`;
    if (evidenceUrl !== null && printed === '' && script === 'collect') {
      await outputs.keepTail(runName, message);
      throw new MedicError('OutputNotKept', `No output of ${script} was received. Azure reports: ${message}`);
    }
    const answer = told(message, () => answerFrom(tails, whole, { script, nonce }));
    // What was carried out is what was sent; a script that failed before it could tell has changed nothing.
    if (answer.hash !== hash && !(answer.hash === '' && answer.error !== null))
      throw new MedicError(
        'GuestResultMissing',
        `${script} returned results for changes that were not sent.`,
      );
    const kept =
      evidenceUrl === null || whole === undefined
        ? {
            name: `${script}: last 4,096 bytes of output (the VM cannot reach the storage account)`,
            url: await outputs.keepTail(runName, output),
          }
        : { name: `${script}: output`, url: evidenceUrl };
    return { run: { answer, evidence: [kept] } };
  });

  implementMandated(deps, ACTIVITIES.removeGuestScript, ({ vmId, runName }) =>
    beginRemoveRunCommand(azure, vmId, runName),
  );
}

/** What Azure keeps of the output mostly holds the answer; where it does not, all of it may lie in the evidence. */
function answerFrom(tails: GuestOutput, whole: string | undefined, expected: ExpectedAnswer): GuestAnswer {
  try {
    return readAnswer(tails, expected);
  } catch (error) {
    if (whole === undefined) throw error;
    return readAnswer({ ...tails, whole }, expected);
  }
}

/** Where there is no answer, only the platform may know why. */
function told<T>(message: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MedicError)) throw error;
    throw new MedicError(error.code, `${error.message} Azure reports: ${message}`, { cause: error });
  }
}
