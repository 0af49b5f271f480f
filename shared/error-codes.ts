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
    'The VM does not exist, or the service may not read it.',
    'Check the id, and that the service has its role on the resource group.',
  ),
  NotWindows: row(422, 'The VM does not run Windows.', 'RDP Medic repairs Windows VMs only.'),
  VmNotRunning: row(409, 'The VM is not running.', 'Start the VM first.'),
  VmBusy: row(
    409,
    'Another operation is running on the VM.',
    'Wait until it has finished, then try again.',
    true,
  ),
  EphemeralOsDisk: row(
    422,
    'The OS disk is ephemeral: it can be neither deallocated nor swapped.',
    'Redeploy the VM. RDP Medic can only diagnose it (mode "diagnose").',
  ),
  UnmanagedDisk: row(422, 'The OS disk is an unmanaged blob.', 'Migrate the VM to managed disks.'),
  ConfidentialVm: row(
    422,
    'The VM is a confidential VM: its OS disk cannot be read from another VM.',
    'Use mode "online", or repair it manually through the serial console.',
  ),
  AdeEncrypted: row(
    422,
    'The OS disk is encrypted by Azure Disk Encryption.',
    'Use mode "online", or unlock the disk manually on a rescue VM.',
  ),
  ReadOnlyLock: row(
    423,
    'A ReadOnly lock applies to the VM or its resource group.',
    'Remove the lock during the repair.',
  ),
  DeleteLock: row(
    423,
    'A CanNotDelete lock would block the clean-up or the rebuild.',
    'Remove the lock during the repair, or use mode "online".',
  ),
  KeyUnavailable: row(
    409,
    'The key of a disk encryption set does not work, so Azure could not start the VM again.',
    'Enable or renew the key in its vault, and make sure that the disk encryption set may use it.',
  ),
  TooManyTags: row(
    422,
    'The OS disk has too many tags: the tags needed for rollback cannot be added.',
    'Remove tags from the disk until it has at most 46, or use mode "online".',
  ),
  UniformScaleSet: row(
    422,
    'The VM belongs to a scale set with uniform orchestration.',
    'Reimage the instance instead.',
  ),
  // Policy
  DoorsClosed: row(
    503,
    'The service accepts no requests because one of its settings is invalid.',
    'Correct the setting named in the message. Remediations in progress are not affected.',
  ),
  PolicyRefused: row(
    403,
    'The policy does not allow this request for this VM.',
    'See GET /api/policy/explain?vm=… for the rule that refused it.',
  ),
  OutsideMaintenanceWindow: row(
    409,
    'No maintenance window is open, or too little time is left before it closes or before the auto-shutdown of the VM.',
    'Try again inside a maintenance window and well before the auto-shutdown, or use mode "online" or "diagnose".',
  ),
  CoolDown: row(
    429,
    'The last attempt on this VM ended too recently.',
    'Wait for the cool-down period to end, or repair the VM manually.',
  ),
  TooManyAttempts: row(
    429,
    'The daily limit of attempts on this VM is reached.',
    'Read the last report. This VM needs an engineer.',
  ),
  NothingToApprove: row(
    409,
    'The remediation is not waiting for approval.',
    'Check its phase. It waits only if the policy requires approval, before the VM is taken offline.',
  ),
  PlanNotAsked: row(
    409,
    'A different plan is waiting for approval, or the request has expired.',
    'Read `question` in the record for the current plan.',
  ),
  OwnRequest: row(403, 'The requester cannot approve their own request.', 'Ask somebody else to approve it.'),
  // Azure
  AccessDenied: row(
    403,
    'Azure denied the service this action.',
    'Assign the role in infra/role-definition.json on the resource named in the message.',
  ),
  PolicyDenied: row(
    403,
    'Azure Policy denies a resource that the repair creates or changes.',
    'The message names the policy. Make the VM comply, exempt its resource group during the repair, or use mode "online".',
  ),
  AzureThrottled: row(
    429,
    'Azure is throttling requests.',
    'Nothing. The service retries automatically.',
    true,
  ),
  AzureUnavailable: row(
    503,
    'Azure did not respond, or returned a server error.',
    'Nothing. The service retries automatically.',
    true,
  ),
  AzureConflict: row(
    409,
    'The resource is in a state that does not allow the operation.',
    'Check the resource; another operation may be running.',
    true,
  ),
  AzureRefused: row(502, 'Azure refused the operation.', 'See the message for the Azure error code.'),
  OperationFailed: row(
    502,
    'An Azure operation was accepted and then failed.',
    'See the message for the Azure error code.',
  ),
  TooManyRunCommands: row(
    409,
    'The VM has 25 run commands, the most Azure allows, so no script can run on it.',
    'Delete run commands that are no longer needed (az vm run-command list, then delete), and start the repair again.',
  ),
  OutputNotKept: row(
    502,
    'The VM cannot reach the storage account for script output.',
    'Nothing. The scripts run without it, and Azure keeps the last 4,096 bytes of output.',
  ),
  OperationTimedOut: row(
    504,
    'An Azure operation timed out.',
    'Check the resource in the portal; the operation may still complete.',
  ),
  SwapRefused: row(
    409,
    'Azure refused to swap the OS disk.',
    'Read the message. If the losses of a rebuild are acceptable, use restoreWay "rebuild" and list them in acceptLosses.',
  ),
  Moved: row(
    409,
    'The VM or its disk was changed by somebody else during the repair.',
    'Check what changed, and start the repair again if it is still needed.',
  ),
  PlanChanged: row(
    409,
    'The disk needs changes other than those rehearsed on its copy.',
    'Start the repair again: it rehearses with the current disk.',
  ),
  NothingToMend: row(
    409,
    'No fault that a script can repair was found on the disk.',
    'Follow docs/runbook.md manually for the findings in the report.',
  ),
  NameTaken: row(
    409,
    'A snapshot or disk with the name the repair uses already exists, created from something else.',
    'Check and delete it, or start the repair again: each attempt uses new names.',
  ),
  LossesNotAccepted: row(
    409,
    'A rebuild would cause losses that the request does not accept.',
    'Use restoreWay "swap", or list each loss in acceptLosses.',
  ),
  // The guest
  AgentNotReady: row(
    409,
    'The VM agent does not report Ready, so no script can run in the VM.',
    'Nothing if an offline repair is allowed. Otherwise make sure the VM is running and its agent is Ready.',
  ),
  GuestScriptFailed: row(502, 'A guest script reported a failure.', 'Read its output in the evidence.'),
  GuestResultMissing: row(502, 'A guest script ended without a result.', 'Read its output in the evidence.'),
  DiskIdentityCollision: row(
    409,
    'The rescue VM has the same disk identity as the broken disk.',
    'Use another rescue image (a different version of Windows).',
  ),
  // Ourselves
  RestoreFailed: row(
    500,
    'The original OS disk could not be swapped back in.',
    'Do not start the VM. Swap the OS disk manually as described in the report.',
  ),
  Cancelled: row(409, 'The remediation was cancelled.', 'Nothing. The changes made so far are undone.'),
  NothingToCancel: row(
    409,
    'The remediation can no longer be cancelled.',
    'Read the record: it has ended, is already undoing its changes, or has swapped in the repaired disk, which a rollback can undo.',
  ),
  NothingToRollBack: row(
    409,
    'There is nothing to roll back to, or the VM has changed since the remediation.',
    'Read the record: a rollback is possible only while the VM still uses the repaired disk and the original disk is still kept.',
  ),
  NothingToRequeue: row(
    409,
    'The message could not be parsed, so only its size was kept.',
    'Send the request again.',
  ),
  LossNotAccepted: row(
    409,
    'The accepted loss does not match what the rollback would lose.',
    'If everything written since the time in the message may be lost, send that time as acceptLoss.',
  ),
  NoPlace: row(
    429,
    'The limit of concurrent remediations in the subscription is reached.',
    'Try again when one of them has ended.',
  ),
  Superseded: row(
    409,
    'Another instance has taken over this remediation.',
    'Nothing. The instance that was lost can no longer write.',
  ),
  InstanceLost: row(
    500,
    'The Durable Functions instance of the remediation was lost.',
    'Nothing. The watchdog takes over and undoes the changes.',
  ),
  EngineUnavailable: row(
    503,
    'The durable engine of the service did not respond.',
    'Send the request again. If its remediation was started all the same, the answer names it.',
    true,
  ),
  Internal: row(
    500,
    'An unexpected error occurred in the service.',
    'Search the log for the id in the message.',
  ),
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
