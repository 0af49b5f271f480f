import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { EventType } from '../../local/host/durable/history.ts';
import { orchestrate } from '../../local/host/durable/orchestrate.ts';
import { ActionType, leavesOf, type LeafAction } from '../../local/host/durable/protocol.ts';
import { createInvoke } from '../../local/host/invoke.ts';
import { loadApp } from '../../local/host/load-app.ts';
import { scenarioSchema, type RecordedInstance, type RecordedScenario } from './history.ts';

/** Whoever replays an instance: says in which way the present code asks for something else than its history has. */
export type Replay = (instance: RecordedInstance) => Promise<string[]>;

/** All that was recorded, of every release. */
export function recordedScenarios(): RecordedScenario[] {
  const folder = import.meta.dirname;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json.gz'))
    .sort()
    .map((path) =>
      scenarioSchema.parse(JSON.parse(gunzipSync(readFileSync(join(folder, path))).toString('utf8'))),
    );
}

/** @param entry module that registers the orchestrators */
export async function openReplay(entry = join(import.meta.dirname, 'orchestrators.ts')): Promise<Replay> {
  const app = await loadApp(entry, () => undefined);
  if (app.error) throw app.error;
  const invoke = createInvoke(app, () => undefined);
  return async ({ name, id, parent, input, history }) => {
    const orchestrator = app.registrations.functions.get(name);
    if (!orchestrator) return [`nothing is registered as ${name}`];
    const answer = await orchestrate(invoke, orchestrator, {
      instanceId: id,
      parentInstanceId: parent,
      input,
      history: history.map((event) => JSON.stringify(event)).join(','),
      isReplaying: true,
    });
    const asked = (answer.actions ?? []).flatMap((action) => leavesOf(action).flatMap(askedOf));
    const had = history.flatMap(askedIn);
    const at = had.findIndex((what, index) => what !== asked[index]);
    return [
      ...(answer.error === undefined ? [] : [`it throws: ${answer.error.slice(0, 300)}`]),
      ...(at < 0 ? [] : [`call ${String(at + 1)} was ${String(had[at])}, and is ${asked[at] ?? 'none'}`]),
      ...(asked.length > had.length ? [`it asks for ${String(asked[had.length])} besides`] : []),
      ...(answer.isDone ? [] : ['it does not end']),
    ];
  };
}

/** What of a recorded scenario differs under the orchestrators that are registered now. */
export async function differencesOf(replay: Replay, { instances }: RecordedScenario): Promise<string[]> {
  const found: string[] = [];
  for (const instance of instances)
    found.push(...(await replay(instance)).map((what) => `${instance.name}: ${what}`));
  return found;
}

/** As a history has it: what was begun, in its order. */
function askedIn(event: RecordedInstance['history'][number]): string[] {
  const name = String(event['Name']);
  switch (event.EventType) {
    case EventType.taskScheduled:
      return [`activity ${name}`];
    case EventType.subOrchestrationCreated:
      return [`sub-orchestration ${name}`];
    case EventType.timerCreated:
      return [`timer ${String(event['FireAt'])}`];
    default:
      return [];
  }
}

function askedOf(leaf: LeafAction): string[] {
  switch (leaf.actionType) {
    case ActionType.callActivity:
    case ActionType.callActivityWithRetry:
      return [`activity ${leaf.functionName}`];
    case ActionType.callSubOrchestrator:
    case ActionType.callSubOrchestratorWithRetry:
      return [`sub-orchestration ${leaf.functionName}`];
    case ActionType.createTimer:
      return [`timer ${new Date(leaf.fireAt).toISOString()}`];
    case ActionType.waitForExternalEvent:
      return [];
  }
}
