import * as z from 'zod';
import type { HostSettings } from './host-json.ts';
import type { RegisteredFunction } from './invoke.ts';
import type { AppSettings } from './settings.ts';
import { messageOf } from './errors.ts';
import { parseSchedule, type Schedule } from './timer/schedule.ts';

export interface HttpFunction {
  target: RegisteredFunction;
  route: string;
  methods: string[];
  authLevel: 'anonymous' | 'function' | 'admin';
}

export interface QueueFunction {
  target: RegisteredFunction;
  queueName: string;
  connection: string;
}

export interface TimerFunction {
  target: RegisteredFunction;
  schedule: Schedule;
  runOnStartup: boolean;
  useMonitor: boolean;
}

/** The functions of an app by what sets them off. */
export interface AppFunctions {
  http: HttpFunction[];
  queues: QueueFunction[];
  timers: TimerFunction[];
  orchestrators: Map<string, RegisteredFunction>;
  activities: Map<string, RegisteredFunction>;
  /** Functions that are off, with the reason; the others run. */
  off: Map<string, string>;
}

const NAME = /^[A-Za-z][\w-]{0,127}$/;

const httpTrigger = z.looseObject({
  route: z.string().optional(),
  methods: z.array(z.string()).optional(),
  authLevel: z.enum(['anonymous', 'function', 'admin']).default('function'),
});
const queueTrigger = z.looseObject({ queueName: z.string(), connection: z.string().optional() });
const timerTrigger = z.looseObject({
  schedule: z.string(),
  runOnStartup: z.boolean().default(false),
  useMonitor: z.boolean().default(true),
});

/** Sorts what an app registered, and leaves out what the real host would not run either. */
export function sortFunctions(
  registered: Iterable<RegisteredFunction>,
  host: HostSettings,
  settings: AppSettings,
): AppFunctions {
  const sorted: AppFunctions = {
    http: [],
    queues: [],
    timers: [],
    orchestrators: new Map(),
    activities: new Map(),
    off: new Map(),
  };
  for (const target of registered) {
    const { name } = target.metadata;
    try {
      if (!NAME.test(name)) throw new Error(`'${name}' is not a valid function name.`);
      sort(target, sorted, host, settings);
    } catch (error) {
      sorted.off.set(name, messageOf(error));
    }
  }
  return sorted;
}

function sort(
  target: RegisteredFunction,
  sorted: AppFunctions,
  host: HostSettings,
  settings: AppSettings,
): void {
  const { name, bindings } = target.metadata;
  const trigger = Object.values(bindings).find((binding) => binding.type?.toLowerCase().endsWith('trigger'));
  const type = trigger?.type?.toLowerCase() ?? '';
  const others = Object.values(bindings).filter((binding) => binding !== trigger);
  if (
    type !== 'httptrigger' ||
    others.some(({ type: other }) => other === 'durableClient' || other === 'queue')
  )
    if (!host.hasExtensionBundle)
      throw new Error('host.json has no extensionBundle, so that only HTTP is known.');
  for (const { type: other } of others)
    if (!['http', 'queue', 'durableClient', 'orchestrationClient'].includes(other ?? ''))
      throw new Error(`This host has no binding of the type '${other ?? ''}'.`);
  for (const output of others)
    if (output.type === 'queue') connectionOf(queueTrigger.parse(output).connection, settings);

  switch (type) {
    case 'httptrigger': {
      const { route = name, methods = ['GET', 'POST'], authLevel } = httpTrigger.parse(trigger);
      if (/^admin(\/|$)/i.test(route)) throw new Error("A route must not begin with 'admin'.");
      sorted.http.push({ target, route, methods: methods.map((method) => method.toUpperCase()), authLevel });
      return;
    }
    case 'queuetrigger': {
      const { queueName, connection } = queueTrigger.parse(trigger);
      sorted.queues.push({
        target,
        queueName: expanded(queueName, settings).toLowerCase(),
        connection: connectionOf(connection, settings),
      });
      return;
    }
    case 'timertrigger': {
      const { schedule, runOnStartup, useMonitor } = timerTrigger.parse(trigger);
      sorted.timers.push({
        target,
        schedule: parseSchedule(expanded(schedule, settings)),
        runOnStartup,
        useMonitor,
      });
      return;
    }
    case 'orchestrationtrigger':
      sorted.orchestrators.set(name, target);
      return;
    case 'activitytrigger':
      sorted.activities.set(name, target);
      return;
    default:
      throw new Error(`This host has no trigger of the type '${trigger?.type ?? ''}'.`);
  }
}

function expanded(text: string, settings: AppSettings): string {
  const value = settings.expand(text);
  if (value === undefined) throw new Error(`An app setting in '${text}' is not set.`);
  return value;
}

function connectionOf(name: string | undefined, settings: AppSettings): string {
  const value = settings.connection(name);
  if (value === undefined || value === '')
    throw new Error(`The connection setting '${name ?? ''}' is not set.`);
  return value;
}
