import type { ScriptOutcome, ScriptRun } from '../../windows/guest.ts';
import type { Context } from '../context.ts';
import { ArmError } from '../errors.ts';
import type { Passage } from '../operations.ts';
import type { VirtualMachine } from '../store/resources.ts';
import { AGENT_PATIENCE_SECONDS, AGENT_POLL_SECONDS, SECONDS } from '../timings.ts';

/** Bytes of output Azure keeps: the last ones. */
const OUTPUT_LIMIT_BYTES = 4096;

/** What became of a script, by the platform's view. */
export interface Run extends ScriptOutcome {
  timedOut: boolean;
  /** Milliseconds since the epoch. */
  startTime: number;
  endTime: number;
}

/**
 * Hands a script to the VM agent and lets the time pass that it takes.
 * @param limitSeconds after which the script is stopped
 * @throws ArmError VMAgentStatusCommunicationError when the agent stays silent too long
 */
export async function runScript(
  context: Context,
  vm: VirtualMachine,
  run: ScriptRun,
  passage: Passage,
  limitSeconds: number,
): Promise<Run> {
  await waitForAgent(context, vm, passage);
  await passage.pass(SECONDS.runCommandOverhead);
  const guest = context.machines.guest(vm);
  if (!guest) throw silentAgent(vm);
  const startTime = context.clock.now();
  const outcome = await guest.runScript(run);
  const timedOut = outcome.seconds > limitSeconds;
  await passage.pass(Math.min(outcome.seconds, limitSeconds));
  return { ...outcome, timedOut, startTime, endTime: context.clock.now() };
}

/** The last bytes of a text, cut between characters. */
export function tail(text: string, bytes = OUTPUT_LIMIT_BYTES): string {
  const encoded = Buffer.from(text, 'utf8');
  if (encoded.length <= bytes) return text;
  let from = encoded.length - bytes;
  // Continuation bytes of UTF-8 look like 10xxxxxx.
  while (((encoded[from] ?? 0) & 0xc0) === 0x80) from += 1;
  return encoded.subarray(from).toString('utf8');
}

/** @throws ArmError VMAgentStatusCommunicationError when it stays silent too long */
export async function waitForAgent(
  { clock, machines }: Context,
  vm: VirtualMachine,
  { pass }: Passage,
): Promise<void> {
  const giveUpAt = clock.now() + AGENT_PATIENCE_SECONDS * 1000;
  while (machines.agent(vm) !== 'Ready') {
    if (clock.now() >= giveUpAt) throw silentAgent(vm);
    await pass(AGENT_POLL_SECONDS);
  }
}

function silentAgent(vm: VirtualMachine): ArmError {
  return new ArmError(
    409,
    'VMAgentStatusCommunicationError',
    `VM '${vm.name}' has not reported status for VM agent or extensions. Please verify the VM has a running VM agent, and can establish outbound connections to Azure storage.`,
  );
}
