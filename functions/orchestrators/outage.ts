import { toProblem } from '../../shared/errors.ts';
import { endOutage, isDown } from '../../shared/repair/outages.ts';
import { now, type Steps } from './durable.ts';
import { saveRecord, type Run } from './run.ts';
import { sizesToBeHad } from './sizes-to-be-had.ts';

/** Says in the record, in place of what it said before, how it is with a VM that is down against our will. */
export function tellOfOutage(run: Run, text: string): void {
  for (const list of [run.record.warnings, run.downtimes]) {
    const place = run.downNotice === undefined ? -1 : list.indexOf(run.downNotice);
    list.splice(place < 0 ? list.length : place, 1, text);
  }
  run.downNotice = text;
}

/**
 * Tells at once that something keeps the VM down which should be on its way up: at the first failure, before it is tried again.
 * Nothing where it is not down because of us, or where it was told before.
 */
export function* tellDown(run: Run, error: unknown): Steps<void> {
  const { record, vm } = run;
  const since = record.outages?.at(-1)?.from;
  if (since === undefined || !isDown(record) || record.downSince !== undefined) return;
  record.downSince = since;
  const { message } = toProblem(error);
  const notice = `The VM is DOWN: ${vm.name} was stopped at ${since} and is not running again yet. ${message} Retrying.`;
  tellOfOutage(run, notice);
  yield* saveRecord(run);
  const sizes = yield* sizesToBeHad(run, message);
  if (sizes === '') return;
  tellOfOutage(run, notice + sizes);
  yield* saveRecord(run);
}

/** The VM runs again. */
export function runsAgain(run: Run): void {
  const { record, vm, context } = run;
  const at = now(context);
  endOutage(record, at);
  if (run.downNotice !== undefined && record.downSince !== undefined) {
    tellOfOutage(run, `${vm.name} was down unintentionally from ${record.downSince} to ${at}.`);
    run.downNotice = undefined;
  }
  delete record.downSince;
}

/** The VM runs again by what it shows, and not by the end of an operation: Azure may leave that unfinished for days. */
export function runsUnended(run: Run): void {
  runsAgain(run);
  run.record.warnings.push(
    `${run.vm.name} is running, although Azure did not report that its start succeeded. Azure may refuse other changes to it while an operation is unfinished.`,
  );
}
