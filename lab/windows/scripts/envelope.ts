import type { GuestResult } from '../../../shared/model/guest-result.ts';
import { ScriptKilled } from '../machine/errors.ts';
import type { ScriptModel } from './model.ts';
import { limitResult } from './result-line.ts';
import { createSession, type Session } from './session.ts';

type Phase = (session: Session) => void | Promise<void>;

/** What a script hands to `Invoke-RdpMedicScript`. */
export interface ScriptPhases {
  prepare?: Phase;
  detect: Phase;
  repair?: Phase;
  cleanup?: Phase;
  /** Repairs without a fault too. */
  always?: boolean;
}

/** An error of a script that has a code of its own (`"Code: text"` in PowerShell). */
export class ScriptFault extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'ScriptFault';
    this.code = code;
  }
}

/** The twin of `Invoke-RdpMedicScript`: detect, repair if there is a fault, detect again. */
export function scriptModel(id: string, phases: ScriptPhases): ScriptModel {
  return async (machine, parameters) => {
    const session = createSession(machine, parameters);
    let found: GuestResult['findings'] = [];
    let remaining: GuestResult['remaining'] = [];
    let error: GuestResult['error'] = null;
    try {
      await phases.prepare?.(session);
      await phases.detect(session);
      found = session.findings.splice(0);
      const isFaulty = found.some(({ severity }) => severity === 'fault');
      if (phases.repair && (phases.always === true || isFaulty || isUnfinished(session, id))) {
        startUnfinished(session, id);
        try {
          await phases.repair(session);
        } catch (thrown) {
          if (!(thrown instanceof ScriptKilled)) clearUnfinished(session, id);
          throw thrown;
        }
        clearUnfinished(session, id);
        await phases.detect(session);
        remaining = session.findings.filter(({ severity }) => severity === 'fault');
      }
    } catch (thrown) {
      error = failureOf(thrown);
    }
    try {
      await phases.cleanup?.(session);
    } catch (thrown) {
      error ??= failureOf(thrown);
    }
    return limitResult({
      schema: 1,
      script: id,
      ok: error === null,
      changed: session.actions.length > 0,
      findings: found,
      actions: session.actions,
      remaining,
      restart: session.restart,
      facts: session.facts,
      error,
    });
  };
}

/** What a script's `try`/`catch` gets: the message. A killed script catches nothing. */
export async function attempt(action: () => void | Promise<void>): Promise<string | undefined> {
  try {
    await action();
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof ScriptKilled || !(thrown instanceof Error)) throw thrown;
  return thrown.message;
}

function failureOf(thrown: unknown): GuestResult['error'] {
  const message = messageOf(thrown).slice(0, 300);
  return { code: thrown instanceof ScriptFault ? thrown.code : 'ScriptFailed', message };
}

/** The mark of a repair that was cut off; see `guest/lib/rdp-medic.ps1`. */
export function isUnfinished({ machine }: Session, id: string): boolean {
  return id.startsWith('online/') && machine.registry.exists(unfinishedKey(id));
}

function startUnfinished(session: Session, id: string): void {
  if (!id.startsWith('online/') || isUnfinished(session, id)) return;
  session.machine.registry.create(unfinishedKey(id));
}

function clearUnfinished(session: Session, id: string): void {
  if (isUnfinished(session, id)) session.machine.registry.deleteKey(unfinishedKey(id));
}

function unfinishedKey(id: string): string {
  return `HKLM\\SOFTWARE\\RdpMedic-${id.replaceAll('/', '-')}`;
}
