import type { TriggerDependencies } from './dependencies.ts';
import { json, type Handler } from './http.ts';

/** `GET /api/health`: that the app is loaded and what it runs on; tells strangers nothing more. */
export function getHealth({ version, policy }: TriggerDependencies): Handler {
  return () => Promise.resolve(json(200, { status: 'ok', version, accepting: !policy.killSwitch }));
}
