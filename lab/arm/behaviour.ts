/**
 * Where nobody could tell how Azure behaves, or where it has behaved in both ways: each is a switch, so that a service
 * is shown to get along with either. The default is the documented way, or the one that forgives less.
 */
export interface Behaviour {
  /**
   * When an OS disk may be swapped. `always` (default): the documentation since 2025 ("The VM does not need to be
   * stopped\deallocated"), and a running VM then reboots onto the other disk (azure-powershell#4892). `deallocated`:
   * the documentation before it, which a VM merely stopped does not satisfy.
   */
  swap: 'always' | 'not-running' | 'deallocated';
  /** Whether a start that fails moves `LastOwnershipUpdateTime` of the VM's disks. Not documented; default true. */
  failedStartMovesOwnership: boolean;
  /** Whether a restart that fails leaves the VM off, half-way. Not documented; default false. */
  failedRestartStops: boolean;
  /** Whether start, stop, restart and deallocate give the VM another ETag. Not documented; default false. */
  powerMovesEtag: boolean;
  /**
   * How long after a deallocation the disks still show `Attached`. The state is known to lag behind attach and detach
   * (kubernetes#82714), by how much here is not documented; default 0.
   */
  reservedAfterSeconds: number;
  /** Until an event can be read from the activity log: minutes, none of which is promised; default 180. */
  activityLogDelaySeconds: number;
  /**
   * What the instance view of a managed run command calls the state of a script that has ended, and that its `endTime` tells as ended:
   * recorded traffic of Azure has `Running` beside `provisioningState: Succeeded` (azure-cli#28172 likewise), and `Unknown`. Default `final`.
   */
  endedScriptSays: 'final' | 'Running' | 'Unknown';
  /**
   * Whether answers spell the names of resource groups in capitals, as those of Compute often do, whatever the caller wrote: ids are to be
   * compared without regard to case (learn.microsoft.com, resource naming). Default false.
   */
  groupsInCapitals: boolean;
  /** Until a role given or taken away counts: up to 30 minutes by the RBAC troubleshooting page; default 0. */
  roleChangeSeconds: number;
}

export const DEFAULT_BEHAVIOUR: Behaviour = {
  swap: 'always',
  failedStartMovesOwnership: true,
  failedRestartStops: false,
  powerMovesEtag: false,
  reservedAfterSeconds: 0,
  activityLogDelaySeconds: 180,
  endedScriptSays: 'final',
  groupsInCapitals: false,
  roleChangeSeconds: 0,
};
