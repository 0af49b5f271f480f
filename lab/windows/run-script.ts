import type { ScriptEngine, ScriptOutcome, ScriptRun } from './guest.ts';
import type { Machine } from './machine.ts';
import { createMachine } from './machine/create.ts';
import type { ChangeGate, Running } from './machine/running.ts';
import { SID } from './sids.ts';
import { authenticate } from './accounts.ts';
import { twins } from './twins/index.ts';

const SCRIPT_ID = /^# rdp-medic-script: ([a-z-]+)\s*$/m;
/** What an extension takes to start PowerShell, and each change, in seconds of lab time. */
const STARTUP_SECONDS = 15;
const SECONDS_A_CHANGE = 1;

/** A killed script prints nothing more, whatever its own handlers made of the end. */
const KILLED: ScriptOutcome = { stdout: '', stderr: 'The script was killed.', exitCode: -1, seconds: 0 };

/** Runs a script as the Run Command extension would. Never throws for what the script does. */
export async function runScript(
  running: Running,
  run: ScriptRun,
  engine: ScriptEngine,
  gate: ChangeGate,
): Promise<ScriptOutcome> {
  const principal = run.runAs === undefined ? SID.system : authenticate(running, run.runAs);
  if (principal === undefined)
    return failed('The user name or password is incorrect, or the Secondary Logon service does not run.');
  let changes = 0;
  const uncount = gate.add(() => {
    changes++;
  });
  running.time.waited = 0;
  const seconds = (): number =>
    gate.isStuck() ? Infinity : STARTUP_SECONDS + changes * SECONDS_A_CHANGE + running.time.waited;
  const machine = createMachine(running, principal, gate);
  try {
    const outcome = engine === 'pwsh' ? await runInPwsh(machine, run) : await runTwin(machine, run);
    return { ...(gate.isKilled() ? KILLED : outcome), seconds: seconds() + outcome.seconds };
  } catch (error) {
    if (gate.isKilled()) return { ...KILLED, seconds: seconds() };
    return { ...failed(error instanceof Error ? error.message : String(error)), seconds: seconds() };
  } finally {
    uncount();
    // The platform lets these seconds pass on the clock.
    running.time.waited = 0;
    // Handles end with their process; a hive that it loaded stays loaded.
    for (const loaded of running.hives.values()) loaded.openHandle = false;
  }
}

/** Loaded only where it is used: most labs never start PowerShell. */
async function runInPwsh(machine: Machine, run: ScriptRun): Promise<ScriptOutcome> {
  const runner = await import('./pwsh/runner.ts');
  return runner.runInPwsh(machine, run);
}

async function runTwin(machine: Machine, run: ScriptRun): Promise<ScriptOutcome> {
  const id = SCRIPT_ID.exec(run.text)?.[1];
  const twin = id === undefined ? undefined : twins.get(id);
  return twin ? twin(machine, run) : failed(`The lab has no twin of the script ${id ?? '(without an id)'}.`);
}

function failed(stderr: string): ScriptOutcome {
  return { stdout: '', stderr, exitCode: 1, seconds: 0 };
}
