/** What a repair took, in seconds of lab time. */
export interface Measured {
  /** From the first call until RDP answers; none where it does not. */
  untilRdp: number | undefined;
  /** How long the VM runs no Windows on the way. */
  down: number;
  /** Calls to ARM. */
  calls: number;
  /** What is there afterwards and was not, with an end that its tags name. */
  kept: number;
  /** As `kept`, without. */
  left: number;
  /** Seconds of what the VM wrote before it went down and that its new disk does not have. */
  lost: number;
}
