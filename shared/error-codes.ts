import { ACCESS_ERRORS } from './access-errors.ts';
import { row, type ErrorRow } from './error-row.ts';
import { INTAKE_ERRORS } from './intake-errors.ts';

/**
 * Every error the service can name: one table, mirrored in docs/errors.md (a test keeps them equal).
 * `status` is the HTTP status of the problem details; `next` says what to do.
 * `retryable` errors are waited out by the orchestrator, never inside an activity.
 */
export const ERRORS = {
  ...INTAKE_ERRORS,
  ...ACCESS_ERRORS,
  // The VM
  VmNotFound: row(
    404,
    'There is no such VM, or the service may not read it.',
    'Check the id, and that the role is assigned on its resource group.',
  ),
  NotWindows: row(422, 'The VM does not run Windows.', 'RDP Medic repairs RDP on Windows only.'),
  VmNotRunning: row(409, 'The VM is not running.', 'Start it first; a stopped VM answers no RDP by nature.'),
  VmBusy: row(
    409,
    'Another operation is running on the VM.',
    'Wait until it has ended, then try again.',
    true,
  ),
  EphemeralOsDisk: row(
    422,
    'The OS disk is ephemeral: it can be neither deallocated nor swapped.',
    'Only online repair is possible: use mode "online", or redeploy the VM.',
  ),
  UnmanagedDisk: row(422, 'The OS disk is an unmanaged blob.', 'Migrate the VM to managed disks.'),
  ConfidentialVm: row(
    422,
    'The VM is a confidential one: its OS disk is sealed to it, and cannot be read from another VM.',
    'Use mode "online", or repair it by hand from the serial console.',
  ),
  AdeEncrypted: row(
    422,
    'The OS disk is encrypted by Azure Disk Encryption.',
    'Use mode "online", or unlock the disk by hand on a rescue VM.',
  ),
  ReadOnlyLock: row(
    423,
    'A ReadOnly lock covers the VM or its group.',
    'Remove the lock for the time of the repair.',
  ),
  DeleteLock: row(
    423,
    'A CanNotDelete lock would stop the clean-up or the rebuild.',
    'Remove the lock for the time of the repair, or use mode "online".',
  ),
  KeyUnavailable: row(
    409,
    'The key of a disk encryption set does not work, so that Azure would not start the VM again.',
    'Enable or renew the key in its vault, and see that the encryption set may use it.',
  ),
  TooManyTags: row(
    422,
    'The OS disk has so many tags that it cannot be marked as the way back.',
    'Take tags off the disk, so that it has 46 at the most, or use mode "online".',
  ),
  UniformScaleSet: row(
    422,
    'The VM belongs to a scale set of uniform orchestration.',
    'Reimage the instance instead.',
  ),
  // Policy
  DoorsClosed: row(
    503,
    'The settings of the service do not fit, so it takes nothing in.',
    'Correct the setting that is named; what is being repaired is carried to its end meanwhile.',
  ),
  PolicyRefused: row(
    403,
    'The policy does not allow a repair of this VM.',
    'Ask GET /api/policy/explain?vm=… which rule it is.',
  ),
  OutsideMaintenanceWindow: row(
    409,
    'A maintenance window is not open, or too little time is left of it or until the VM is shut down by itself.',
    'Send it again within a window, well before the VM is shut down, or use mode "online" or "diagnose".',
  ),
  CoolDown: row(
    429,
    'The last attempt on this VM ended too short a time ago.',
    'Wait for the cool-down, or repair by hand.',
  ),
  TooManyAttempts: row(
    429,
    'The attempts of the day on this VM are used up.',
    'Read the last report; this VM needs a person.',
  ),
  NothingToApprove: row(
    409,
    'The remediation does not wait for approval.',
    'Look at its phase; it waits only where the policy asks, before the VM is taken offline.',
  ),
  PlanNotAsked: row(409, 'Another plan is asked for, or its time is over.', 'Read `question` in the record.'),
  OwnRequest: row(403, 'Nobody approves what he asked for himself.', 'Have somebody else approve it.'),
  // Azure
  AccessDenied: row(
    403,
    'Azure refused the service this action.',
    'Assign the role in infra/role-definition.json on the resource named.',
  ),
  PolicyDenied: row(
    403,
    'Azure Policy denies what the repair makes or changes.',
    'Read the message; it names the policy. Make the VM comply, exempt its group for the time of the repair, or use mode "online".',
  ),
  AzureThrottled: row(429, 'Azure asked to slow down.', 'Nothing; the service waits and tries again.', true),
  AzureUnavailable: row(
    503,
    'Azure did not answer, or with a server error.',
    'Nothing; the service waits and tries again.',
    true,
  ),
  AzureConflict: row(
    409,
    'The resource is in a state that does not allow the operation.',
    'Look at the resource; another operation may be running.',
    true,
  ),
  AzureRefused: row(502, 'Azure refused the operation.', "Read the message; it carries Azure's own code."),
  OperationFailed: row(
    502,
    'An Azure operation was accepted and then failed.',
    "Read the message; it carries Azure's own code.",
  ),
  TooManyRunCommands: row(
    409,
    'The VM has as many run commands as Azure allows, 25, so that no script can be run on it.',
    'Delete those that nobody needs (az vm run-command list, then delete), and start the repair again.',
  ),
  OutputNotKept: row(
    502,
    'The VM has no way to the storage account, to which the output of its scripts was to go.',
    'Nothing; the scripts are run without it, and Azure keeps the last 4,096 bytes.',
  ),
  OperationTimedOut: row(
    504,
    'An Azure operation did not end in time.',
    'Look at the resource in the portal; it may still end.',
  ),
  SwapRefused: row(
    409,
    'Azure refused to swap the OS disk.',
    'Read the message; if what a rebuild loses can be spared, ask for restoreWay "rebuild" and name it in acceptLosses.',
  ),
  Moved: row(
    409,
    'Somebody else changed the VM or its disk while it was repaired.',
    'Look at what changed, and start the repair again if it is still wanted.',
  ),
  PlanChanged: row(
    409,
    'The disk asks for something else than what was rehearsed on its copy.',
    'Start the repair again: it rehearses with the disk as it is now.',
  ),
  NothingToMend: row(
    409,
    'No fault was found on the disk that a script could repair.',
    'Follow docs/runbook.md by hand, for what the report names.',
  ),
  NameTaken: row(
    409,
    'A snapshot or disk of the name that the repair gives is there, and was made from something else.',
    'Look at it and delete it, or start the repair again: each attempt gives other names.',
  ),
  LossesNotAccepted: row(
    409,
    'A rebuild would lose what the request does not accept to lose.',
    'Use restoreWay "swap", or name each loss in acceptLosses.',
  ),
  // The guest
  AgentNotReady: row(
    409,
    'The VM agent does not report Ready, so nothing can be run in the VM.',
    'Nothing where the repair goes offline. Otherwise see that the VM runs and its agent is Ready.',
  ),
  GuestScriptFailed: row(502, 'A guest script reported a failure.', 'Read its output in the evidence.'),
  GuestResultMissing: row(
    502,
    'A guest script ended without its result line.',
    'Read its output in the evidence.',
  ),
  DiskIdentityCollision: row(
    409,
    'The rescue VM has the same disk identity as the broken disk.',
    'Set another rescue image (another version of Windows).',
  ),
  // Ourselves
  RestoreFailed: row(
    500,
    'The original OS disk could not be put back.',
    'Do not start the VM; swap the OS disk by hand as the report says.',
  ),
  Cancelled: row(409, 'The remediation was cancelled.', 'Nothing; what was done is taken back.'),
  NothingToCancel: row(
    409,
    'There is nothing to cancel any more.',
    'Read the record: it has ended, takes itself back, or the VM stands on its repaired disk, from which rollback leads back.',
  ),
  NothingToRollBack: row(
    409,
    'There is nothing to go back to, or the VM is not as that remediation left it.',
    'Read the record: only a VM that still stands on its repaired disk, whose original is still kept, goes back by a call.',
  ),
  NothingToRequeue: row(
    409,
    'The message could not be read, so only its size was kept.',
    'Have it sent again.',
  ),
  LossNotAccepted: row(
    409,
    'Going back gives up more than was accepted, or something else.',
    'Look whether what was written since the moment named may be given up; if so, send that moment as acceptLoss.',
  ),
  NoPlace: row(
    429,
    'As many remediations as are allowed at once go on in the subscription.',
    'Ask again when one of them has ended.',
  ),
  Superseded: row(
    409,
    'Another carries this remediation on.',
    'Nothing; what was lost for a while may write no more.',
  ),
  InstanceLost: row(
    500,
    'The durable engine lost the remediation.',
    'Nothing; the watchdog takes it over, and takes back what was done.',
  ),
  Internal: row(500, 'The service met an error it has no name for.', 'Read the log with the id given.'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** Whether a value is one of the table's codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(ERRORS, value);
}

/** Whether waiting and trying again may help. */
export function isRetryable(code: ErrorCode): boolean {
  return ERRORS[code].retryable;
}
