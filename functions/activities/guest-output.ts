import { requireVmId } from '../../shared/azure/inspect-vm.ts';
import type { GuestTask } from '../../shared/model/guest-run.ts';
import type { EvidenceStore } from '../../shared/store/evidence.ts';

/** Where the whole output of the scripts on one VM goes in a remediation. */
interface GuestOutputs {
  /**
   * A place for the whole output of a script; `null` where the VM has no way there, or is not known to have one. Run Command does not run a script
   * whose output blob it cannot make, so that only one that changes nothing finds that out, and the others follow what it found.
   */
  placeFor(task: GuestTask, runName: string): Promise<{ url: string; writeUri: string } | null>;
  /** Keeps the little that Azure has of an output that could go nowhere; from then on this VM is known to have no way. */
  keepTail(runName: string, text: string): Promise<string>;
}

export function guestOutputs(evidence: EvidenceStore, remediationId: string, vmId: string): GuestOutputs {
  const { resourceGroup, name } = requireVmId(vmId);
  const ofVm = `${resourceGroup}/${name}`.toLowerCase();
  const whole = `output/${ofVm}/`;
  const tails = `output-tail/${ofVm}/`;
  return {
    async placeFor({ script }, runName) {
      if (!evidence.vmsReachIt) return null;
      const finds = script === 'collect' && !(await evidence.holds(remediationId, tails));
      if (!finds && !(await evidence.holds(remediationId, whole))) return null;
      return evidence.place(remediationId, `${whole}${runName}.txt`);
    },
    keepTail: (runName, text) => evidence.keep(remediationId, `${tails}${runName}.txt`, text),
  };
}
