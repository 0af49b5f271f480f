import type { Invariant } from '../played.ts';
import {
  aLookChangesNothing,
  aVmOfOthersIsLeftOnItsDisk,
  nothingIsResurrected,
  nothingOfOthersIsGone,
  onlyOwnThingsAreChanged,
  theNetworkIsAsItsOwnersLeftIt,
  theVmIsAsItsOwnersLeftIt,
} from './others.ts';
import {
  aVmThatRanRuns,
  noDowntimeForAPlanThatDidNotHold,
  noDowntimeWithoutAMendingRehearsal,
  whoStoppedItKeepsItStopped,
} from './power.ts';
import { itEndsWithARecord, nothingIsLeftBehind, theRecordNamesWhatChanged } from './record.ts';
import { goingBackNamesWhatItGivesUp, noForwardStepLosesAWrite } from './writes.ts';

/** What holds whoever does what while a VM is repaired. */
export const INVARIANTS: readonly Invariant[] = [
  aLookChangesNothing,
  onlyOwnThingsAreChanged,
  nothingOfOthersIsGone,
  nothingIsResurrected,
  aVmOfOthersIsLeftOnItsDisk,
  theVmIsAsItsOwnersLeftIt,
  theNetworkIsAsItsOwnersLeftIt,
  noForwardStepLosesAWrite,
  goingBackNamesWhatItGivesUp,
  noDowntimeWithoutAMendingRehearsal,
  noDowntimeForAPlanThatDidNotHold,
  aVmThatRanRuns,
  whoStoppedItKeepsItStopped,
  nothingIsLeftBehind,
  itEndsWithARecord,
  theRecordNamesWhatChanged,
];
