import type { CauseId } from '../../shared/model/cause.ts';
import type { OutcomeKind, StepId } from '../../shared/model/record.ts';
import type { VmSpec } from '../arm/vm-spec.ts';

/** A VM of the fleet with what is known about it in advance. */
export interface FleetVm {
  spec: VmSpec;
  /** What was done to it, in a few words for a table; empty for one that is well. */
  brokenBy: string;
  /** The cause whose scripts repair it; none where nothing does, or nothing need. */
  cause?: CauseId;
  expected: {
    kind: OutcomeKind;
    /** The step after which RDP answers. */
    step?: StepId;
  };
}
