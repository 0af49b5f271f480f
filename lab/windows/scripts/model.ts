import type { GuestResult } from '../../../shared/model/guest-result.ts';
import type { Machine } from '../machine.ts';

/** The fast TypeScript twin of a guest script: same findings, same changes, same result line. */
export type ScriptModel = (machine: Machine, parameters: Record<string, string>) => Promise<GuestResult>;
