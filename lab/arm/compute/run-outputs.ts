import type { Context } from '../context.ts';
import { placementOf } from '../network/effective-rules.ts';
import type { Passage } from '../operations.ts';
import type { VirtualMachine } from '../store/resources.ts';
import { SECONDS } from '../timings.ts';
import { createAppendBlob, writeAppendBlob } from './append-blob.ts';
import { primaryNic } from './machines.ts';
import { waitForAgent, type Run } from './script-run.ts';

interface Blobs {
  outputBlobUri?: string | undefined;
  errorBlobUri?: string | undefined;
}

/** Where the output of a run goes besides the instance view. */
export interface Outputs extends Blobs {
  /** What there is instead of a run, and why: a blob could not be made. */
  failure?: Run;
  why?: string;
}

/** Exit code of a handler that could not make a blob (run-command-handler-linux, `internal/constants`). */
const BLOB_FAILED = -101;

/**
 * Makes the output blobs. One that cannot be made fails the command, and the script does not run (run-command-handler-linux,
 * `internal/cmds/cmds.go`, `enable`; the handler for Windows is closed source, and taken to do the same).
 */
export async function createOutputs(
  context: Context,
  vm: VirtualMachine,
  { outputBlobUri, errorBlobUri }: Blobs,
  passage: Passage,
): Promise<Outputs> {
  const outputs = { outputBlobUri, errorBlobUri };
  await waitForAgent(context, vm, passage);
  for (const address of [outputBlobUri, errorBlobUri]) {
    if (address === undefined) continue;
    try {
      if (!hasWayOut(context, vm)) throw new Error('The storage account cannot be reached.');
      await createAppendBlob(address);
    } catch (cause) {
      await passage.pass(SECONDS.runCommandOverhead);
      return { ...outputs, ...failed(context, address, cause) };
    }
  }
  return outputs;
}

function failed(
  { clock }: Context,
  address: string,
  cause: unknown,
): Required<Pick<Outputs, 'failure' | 'why'>> {
  const [blob] = address.split('?');
  const reason = cause instanceof Error ? cause.message : String(cause);
  const time = clock.now();
  return {
    failure: {
      stdout: '',
      stderr: '',
      exitCode: BLOB_FAILED,
      seconds: 0,
      timedOut: false,
      startTime: time,
      endTime: time,
    },
    why: `Error creating AppendBlob '${blob ?? ''}' using SAS token or Managed identity. Please use a valid blob SAS URI with [read, append, create, write] permissions: ${reason}`,
  };
}

/** Appends what was printed. What cannot be appended later is lost, and the command goes on. */
export async function writeOutputs(
  { outputBlobUri, errorBlobUri, failure }: Outputs,
  run: Run,
): Promise<void> {
  if (failure) return;
  if (outputBlobUri !== undefined) await writeAppendBlob(outputBlobUri, run.stdout);
  if (errorBlobUri !== undefined) await writeAppendBlob(errorBlobUri, run.stderr);
}

function hasWayOut({ store }: Context, vm: VirtualMachine): boolean {
  const nic = primaryNic(store, vm);
  return (nic && placementOf(store, nic))?.subnet.defaultOutboundAccess !== false;
}
