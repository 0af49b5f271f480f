/** Every wait of a remediation, in seconds; the waits themselves are durable timers in the orchestrators. */
export const TIMING = {
  /** Between two looks at a run command: as fine as an operator following along would want. */
  guestScriptPoll: 10,
  /** Beyond a script's own time limit: for a result that is late. */
  guestScriptGrace: 300,
  /** Between two probes while Windows boots. */
  bootPoll: 15,
  /** A first boot after a changed disk may take minutes longer (Windows facts, "Boot after the swap"). */
  bootLimit: 900,
  /** How long the agent gets to report Ready after RDP answers or the boot limit ends. */
  agentLimit: 300,
  /** An Azure operation that takes longer has gone wrong. */
  operationLimit: 3600,
  /** First wait after a retryable refusal; doubles up to the longest. */
  retryFirst: 5,
  retryLongest: 120,
  /** Tries of one activity before its retryable problem counts as final: about a quarter of an hour. */
  retryTries: 12,
  /** Tries of an undo, or of a start, whose operation failed: capacity comes back, an outage ends. */
  persistTries: 4,
  /** Between two of them. */
  persistPause: 300,
} as const;

/** Longest wait between two polls that is ours, not Azure's. */
const LONGEST_POLL = 60;

/** Seconds to wait before the next poll: what has taken long is asked less often, or an hour's history would be endless. */
export function pollSeconds(asked: number, waited: number): number {
  return Math.max(asked, Math.min(waited / 10, LONGEST_POLL));
}

/** Seconds to wait before the next try; what Azure asks for wins, unless it asks for no wait at all. */
export function backoffSeconds(tries: number, asked: number | undefined): number {
  return asked || Math.min(TIMING.retryFirst * 2 ** (tries - 1), TIMING.retryLongest);
}
