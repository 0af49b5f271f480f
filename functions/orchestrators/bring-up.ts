import { toProblem } from '../../shared/errors.ts';
import { bringUpPause, isTimeToTell, TIMING } from '../../shared/repair/timing.ts';
import { isWorthAnotherTry, saysGone } from '../../shared/repair/undo.ts';
import { now, persist, type Patience, type Steps } from './durable.ts';
import { tellOfOutage } from './outage.ts';
import { saveRecord, type Run } from './run.ts';
import { sizesToBeHad } from './sizes-to-be-had.ts';

/**
 * Nothing that we took down stays down: tried for a day, whatever Azure answers, unless the VM is gone or somebody else has taken
 * it over. People are told at the first failure, after an hour, and then every four; not of a VM that may be gone.
 */
export function* bringUp(run: Run, attempt: () => Steps<void>): Steps<void> {
  const { context, record, vm } = run;
  const since = now(context);
  let toldAt: number | undefined;
  let signedAt = 0;
  const patience: Patience = {
    pause: bringUpPause,
    goesOn: (error, _tries, seconds) => isWorthAnotherTry(error, seconds),
    *failed(error, seconds) {
      const tells = !saysGone(error) && isTimeToTell(seconds, toldAt);
      if (tells) {
        toldAt = seconds;
        record.downSince ??= since;
        const { message } = toProblem(error);
        tellOfOutage(
          run,
          `The VM is DOWN: ${vm.name} has not started again since ${since}. ${message} The start is retried for ${TIMING.bringUpLimit / 3600} hours.${yield* sizesToBeHad(run, message)}`,
        );
      }
      // Also where there is nothing new to tell, it signs that somebody is at it; not at every try, for a day of records makes a long history.
      if (!tells && seconds < signedAt + TIMING.signsAgain) return;
      signedAt = seconds;
      yield* saveRecord(run);
    },
  };
  try {
    yield* persist(context, attempt, patience);
  } catch (error) {
    if (run.downNotice !== undefined)
      tellOfOutage(
        run,
        `${vm.name} could not be started from ${since} to ${now(context)}. ${toProblem(error).message}`,
      );
    throw error;
  }
  if (run.downNotice !== undefined)
    tellOfOutage(
      run,
      `${vm.name} was down unintentionally from ${record.downSince ?? since} to ${now(context)}.`,
    );
  run.downNotice = undefined;
  delete record.downSince;
}
