import type { ScriptModel } from './model.ts';

/** Every model by its script's id (`online/tls`). */
export const scriptModels: ReadonlyMap<string, ScriptModel> = new Map<string, ScriptModel>([]);
