/** Every wait of a remediation, in seconds; the waits themselves are durable timers in the orchestrators. */
export const TIMING = {
  /**
   * Before the first look at a run command: "the minimum time to run a script is about 20 seconds" (learn.microsoft.com,
   * virtual-machines/windows/run-command, restrictions).
   */
  guestScriptFirst: 20,
  /** A later script on the same VM is first looked at after this part of what the shortest one took. */
  guestScriptLearnt: 0.9,
  /** Between two looks at a run command; the VM may be down meanwhile. */
  guestScriptPoll: 2,
  /** Beyond a script's own time limit: for a result that is late. */
  guestScriptGrace: 300,
  /** Between two looks at a VM on which a deed of ours is at work: what it stands like, not its operation, which has its own pace. */
  deedLook: 5,
  /** Between two probes while Windows boots. */
  bootPoll: 3,
  /** Between two looks at whether the agent of a VM that has booted is Ready. */
  agentPoll: 8,
  /** Between two looks at whether the agent is Ready meanwhile, which only says when to give up: a VM may be looked at 12 times a minute. */
  statusPoll: 20,
  /** Before the first look at a rescue VM that is built: no Windows VM was seen to be ready sooner. An assumption (docs/performance.md). */
  rescueVmFirst: 75,
  /** Between two polls of the operation that builds it, which only tells of a failure sooner than the VM itself does. */
  rescueVmPoll: 30,
  /** How long RDP gets to answer once the agent of a VM that came up has reported Ready: after another disk, and after a restart. */
  settleOnNewDisk: 60,
  settleAfterRestart: 30,
  /** A first boot after a changed disk may take minutes longer: devices are found anew. An assumption; no source gives a figure. */
  bootLimit: 900,
  /** The same where Windows finishes updates first. An assumption, as above. */
  bootLimitWithUpdates: 3600,
  /** How long the agent gets to report Ready after RDP answers or the boot limit ends. */
  agentLimit: 300,
  /** Between two tries to take changes inside Windows back. */
  takeBackPause: 60,
  /** An Azure operation that takes longer has gone wrong. */
  operationLimit: 3600,
  /** First wait after a retryable refusal; doubles up to the longest. */
  retryFirst: 5,
  retryLongest: 120,
  /** Tries of one activity before its retryable problem counts as final: about a quarter of an hour. */
  retryTries: 12,
  /** How long an activity that is throttled is tried again: a storm of a thousand VMs is over sooner. */
  throttledLimit: 7200,
  /** The longest by which its tries are spread. */
  spreadLongest: 30,
  /** Between two tries to build a rescue VM while the quota is used up, and how long that is tried: the VM runs meanwhile. Within `signWithin`. */
  quotaPause: 30,
  quotaLimit: 9000,
  /** Tries of an undo, or of a start, whose operation failed: capacity comes back, an outage ends. */
  persistTries: 4,
  /** Between two of them. */
  persistPause: 300,
  /** Between two tries to delete what was made on the way. */
  deletePause: 60,
  /** How long a VM that is down because of us is tried to be brought up again. */
  bringUpLimit: 24 * 3600,
  /** For how long a VM has to be unknown to Azure before it counts as deleted, where it is down because of us. */
  goneLimit: 240,
  /** By when whoever carries a remediation on keeps its record again: longer than its longest operations one after the other. */
  signWithin: 3 * 3600,
  /** Between two signs of one who tries the same for long: well within the above. */
  signsAgain: 3600,
  /** Longer than an activity may live (host.json, functionTimeout): what a lost remediation had under way has ended by then. */
  activityLife: 600,
  /** Between two rounds of trying to notify a channel that is away, and how long it is tried. */
  notifyPause: 900,
  notifyLimit: 24 * 3600,
  /** How long a person has to approve; no answer is a no. */
  approvalLimit: 24 * 3600,
  /** How long a VM that is restarted is away: what is left of a maintenance window has to hold it. */
  restartTakes: 180,
  /** After which an approval is waited for without rescue VM, which costs money: it is built again. */
  approvalKeepsRescueVm: 1800,
  /** Between two looks whether there is room for another remediation. */
  placePause: 60,
  /** Between the two looks at a VM that went down, which must show the same. */
  baselinePause: 4,
  /** By how much Azure's clock and ours may differ. */
  clocksDiffer: 60,
  /** The most such looks. */
  baselineLooks: 8,
  /** Between two looks into the Activity Log, which comes minutes late (`activityLogDelaySeconds` of lab/arm/behaviour.ts). */
  lateLogPause: 60,
  /** The most such looks, where somebody is known to have stopped the VM. */
  lateLogLooks: 10,
} as const;

/** Seconds before each further try to bring a VM up again that is down because of us: soon at first, then every quarter of an hour. */
export function bringUpPause(tries: number): number {
  return [60, 120, 300, 300][tries - 1] ?? 900;
}

const HOUR = 3600;

/** Whether people are told of a failure, so long after the first: at once, after an hour, then every four. */
export function isTimeToTell(seconds: number, toldAt: number | undefined): boolean {
  if (toldAt === undefined) return true;
  return toldAt < HOUR ? seconds >= HOUR : seconds >= toldAt + 4 * HOUR;
}

/** What the rehearsal does not do: deallocation, a fresh copy, the swap, the start and a boot, as they usually take. */
const BESIDE_REHEARSAL = 300;

/** How long a VM is down for its offline repair, in seconds, by how long that took in the rehearsal. */
export function plannedDowntime(rehearsalSeconds: number): number {
  return BESIDE_REHEARSAL + rehearsalSeconds;
}

/** Longest wait between two polls that is ours, not Azure's. */
const LONGEST_POLL = 60;

/** Seconds to wait before the next poll or look: what has taken long is asked less often, or an hour's history would be endless. */
export function pollSeconds(asked: number, waited: number): number {
  return Math.max(asked, Math.min(waited / 20, LONGEST_POLL));
}

/**
 * Seconds by which a throttled try is put off further, up to twice as long each time: by a hash of the instance, so that those who were
 * refused together do not come back together, nor twice running: what counts up goes first, since the last byte hardly changes such a hash.
 * In whole milliseconds.
 */
export function spreadSeconds(instanceId: string, throttled: number): number {
  let hash = 2_166_136_261;
  for (const byte of new TextEncoder().encode(`${String(throttled)} ${instanceId}`))
    hash = Math.imul(hash ^ byte, 16_777_619) >>> 0;
  const longest = Math.min(2 ** throttled, TIMING.spreadLongest);
  return Math.round(((hash % 10_000) / 10_000) * longest * 1000) / 1000;
}

/** Seconds to wait before the next try; what Azure asks for wins, unless it asks for no wait at all. */
export function backoffSeconds(tries: number, asked: number | undefined): number {
  return asked || Math.min(TIMING.retryFirst * 2 ** (tries - 1), TIMING.retryLongest);
}
