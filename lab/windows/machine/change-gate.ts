import type { ChangeHook } from '../machine.ts';
import { ScriptKilled, ScriptStuck } from './errors.ts';
import type { ChangeGate } from './running.ts';

export function createChangeGate(): ChangeGate {
  const hooks = new Set<ChangeHook>();
  let killed: ScriptKilled | undefined;

  return {
    gate(change) {
      if (killed) throw killed;
      try {
        for (const hook of hooks) hook(change);
      } catch (error) {
        if (error instanceof ScriptKilled) killed = error;
        throw error;
      }
    },
    add(hook) {
      hooks.add(hook);
      return () => {
        hooks.delete(hook);
      };
    },
    isKilled: () => killed !== undefined,
    stick(reason) {
      killed = new ScriptStuck(reason);
      throw killed;
    },
    isStuck: () => killed instanceof ScriptStuck,
    reset() {
      killed = undefined;
    },
  };
}
