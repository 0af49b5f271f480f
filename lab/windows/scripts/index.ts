import type { ScriptModel } from './model.ts';
import { offlineModels } from './offline/index.ts';
import { onlineModels } from './online/index.ts';

/** Every model by its script's id (`online/tls`). */
export const scriptModels: ReadonlyMap<string, ScriptModel> = new Map([...onlineModels, ...offlineModels]);
