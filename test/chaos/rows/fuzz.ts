import { join } from 'node:path';
import { createChance } from '../../../lab/actors/random.ts';
import { newEngineState } from '../../../local/host/durable/engine-state.ts';
import { advance } from '../../../local/host/durable/advance.ts';
import { parseAnswer } from '../../../local/host/durable/protocol.ts';
import { MedicError } from '../../../shared/errors.ts';
import { PACKAGE_ROOT } from '../../../shared/package-root.ts';
import { readAnswer } from '../../../shared/guest/read-answer.ts';
import { readAlert } from '../../../shared/intake/alerts/read-alert.ts';
import { parseJson } from '../../../shared/intake/json.ts';
import { loadConnectors } from '../../../shared/intake/tickets/load-connectors.ts';
import { mapTicket } from '../../../shared/intake/tickets/map-ticket.ts';
import { explainVmId, parseVmId } from '../../../shared/model/vm-id.ts';
import { instanceOfRemediation, momentOfRemediation } from '../../../shared/model/remediation-id.ts';
import { decodeTsRequest, encodeTsRequest } from '../../../shared/probe/credssp.ts';
import { NlaError } from '../../../shared/probe/nla-error.ts';
import { decodeChallenge } from '../../../shared/probe/ntlm.ts';
import { decodeConnectionConfirm, PacketError } from '../../../shared/probe/packets.ts';
import { NO_POLICY, policySchema } from '../../../shared/repair/policy/schema.ts';
import { answer, lineOf, NONCE, payloadOf } from '../../shared/guest/answers.ts';

type Chance = () => number;

/** Something that reads what a stranger sent. */
interface Reader {
  name: string;
  /** What it reads without a fault: inputs are made from these. */
  good: readonly Buffer[];
  read(input: Buffer): unknown;
}

export interface Fuzzed {
  reader: string;
  inputs: number;
  /** Inputs that were thrown out by an error that nobody named, with the first of them. */
  crashes: string[];
  slowestMs: number;
  /** By how much the process grew, in MiB. */
  grewMiB: number;
}

const VM =
  '/subscriptions/00000000-0000-4000-9000-000000000001/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web-01';
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const text = (value: string): Buffer => Buffer.from(value);

const PACKED = payloadOf(answer({ facts: null }));
const ALERT = {
  schemaId: 'azureMonitorCommonAlertSchema',
  data: {
    essentials: {
      alertId: '/subscriptions/a/providers/Microsoft.AlertsManagement/alerts/b',
      monitorCondition: 'Fired',
      alertTargetIDs: [VM],
      firedDateTime: '2026-01-01T00:00:00Z',
    },
    alertContext: {},
  },
};
const CONNECTORS = [...loadConnectors(join(PACKAGE_ROOT, 'shared/intake/connectors')).values()];

/** All that strangers write and the service reads. */
const READERS: readonly Reader[] = [
  {
    name: 'packets of the probe',
    good: [
      Buffer.from('030000130ed000001234000200080002000000', 'hex'),
      Buffer.from(encodeTsRequest(Buffer.from('NTLMSSP\0'))),
      Buffer.concat([text('NTLMSSP\0'), Buffer.from([2, 0, 0, 0]), Buffer.alloc(48)]),
    ],
    read(input) {
      for (const decode of [decodeConnectionConfirm, decodeTsRequest, decodeChallenge])
        forgiving(() => decode(input));
    },
  },
  {
    name: 'result line',
    good: [text(lineOf(PACKED))],
    read(input) {
      const output = input.toString('utf8');
      return readAnswer({ stdoutTail: output, stderrTail: output }, { nonce: NONCE, script: 'collect' });
    },
  },
  {
    name: 'alerts',
    good: [json(ALERT)],
    read(input) {
      const body = parseJson(input);
      return body.ok && readAlert(body.value, NO_POLICY.defaults);
    },
  },
  {
    name: 'tickets',
    good: [
      json({ vmId: VM, ticket: 'T-1', mode: 'full', options: { restoreWay: 'swap' } }),
      json({
        issue: { number: 7, body: `RDP to ${VM} is broken`, labels: [{ name: 'rdp' }] },
        action: 'opened',
      }),
    ],
    async read(input) {
      const body = parseJson(input);
      const connector = CONNECTORS[input.length % CONNECTORS.length];
      if (body.ok && connector) await mapTicket(connector, body.value, {}, NO_POLICY.defaults);
    },
  },
  {
    name: 'ids',
    good: [text(VM), text('vm-022b2e4a9e59c3b8b92b138eb14bc567-20261127124903648-645b')],
    read(input) {
      const id = input.toString('utf8');
      if (parseVmId(id) === undefined) explainVmId(id);
      instanceOfRemediation(id);
      momentOfRemediation(id);
    },
  },
  {
    name: 'policy file',
    good: [
      json({
        scope: { subscriptions: ['00000000-0000-4000-9000-000000000001'] },
        limits: { coolDownMinutes: 5, attemptsPerDay: 3, concurrentPerSubscription: 2 },
        sources: { alert: { perHour: 10 }, caller: { restoreWays: ['swap'] } },
        maintenance: [{ days: ['mon'], from: '01:00', to: '05:00', timeZone: 'Europe/Berlin' }],
      }),
    ],
    read(input) {
      const body = parseJson(input);
      return body.ok && policySchema.safeParse(body.value);
    },
  },
  {
    name: 'answers and history of the embedded host',
    good: [
      json({
        isDone: false,
        actions: [[{ actionType: 0, functionName: 'a', input: {} }]],
        output: null,
        customStatus: null,
      }),
      json({
        EventType: 5,
        EventId: -1,
        TaskScheduledId: 0,
        Result: '{}',
        Timestamp: '2026-01-01T00:00:00Z',
      }),
    ],
    read(input) {
      const body = input.toString('utf8');
      forgiving(() => {
        const { actions } = parseAnswer(body);
        if (actions) advance(newEngineState(), [], actions, 0);
      }, Error);
    },
  },
];

/** What is thrown out in words of its own is as good as read. */
function forgiving(read: () => unknown, ...known: (new (...args: never[]) => Error)[]): void {
  try {
    read();
  } catch (error) {
    requireNamed(error, known);
  }
}

/** @throws the error, where nobody has a name for it. */
function requireNamed(error: unknown, known: readonly (new (...args: never[]) => Error)[] = []): void {
  if (error instanceof RangeError) throw error;
  if (![PacketError, NlaError, MedicError, ...known].some((kind) => error instanceof kind)) throw error;
}

/** Gives each reader so many inputs. @param seed the same inputs for the same one */
export async function fuzzReaders(inputs: number, seed: number): Promise<Fuzzed[]> {
  const fuzzed: Fuzzed[] = [];
  for (const reader of READERS) fuzzed.push(await fuzz(reader, inputs, createChance(seed)));
  return fuzzed;
}

async function fuzz(reader: Reader, inputs: number, chance: Chance): Promise<Fuzzed> {
  const before = process.memoryUsage().rss;
  const crashes: string[] = [];
  let slowestMs = 0;
  for (let count = 0; count < inputs; count++) {
    const input = spoil(reader.good[count % reader.good.length] ?? Buffer.alloc(0), chance);
    const begun = performance.now();
    try {
      await reader.read(input);
    } catch (cause) {
      const error = unnamed(cause);
      if (error === undefined) continue;
      const why = error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
      crashes.push(`${input.toString('base64').slice(0, 200)} -> ${why.slice(0, 200)}`);
    }
    slowestMs = Math.max(slowestMs, performance.now() - begun);
  }
  const grewMiB = Math.max(0, process.memoryUsage().rss - before) / 2 ** 20;
  return { reader: reader.name, inputs, crashes, slowestMs, grewMiB };
}

/** The error, where nobody has a name for it. */
function unnamed(cause: unknown): unknown {
  try {
    requireNamed(cause);
    return undefined;
  } catch (error) {
    return error;
  }
}

const HOSTILE = [
  '\0',
  '"',
  '{',
  '[',
  '\\u0000',
  '__proto__',
  '9'.repeat(400),
  '['.repeat(2000),
  '-1',
  '1e999',
  '\uFFFF',
];

/** A good input with some pieces changed, doubled, cut out or put in; now and then nothing but noise. */
function spoil(good: Buffer, chance: Chance): Buffer {
  const below = (limit: number): number => Math.floor(chance() * limit);
  if (chance() < 0.05) return Buffer.from(Array.from({ length: below(300) }, () => below(256)));
  let spoilt = Buffer.from(good);
  for (let times = 1 + below(4); times > 0; times--) {
    const at = below(spoilt.length + 1);
    const size = 1 + below(8);
    const head = spoilt.subarray(0, at);
    const tail = spoilt.subarray(at);
    const put = [
      () => Buffer.concat([head, Buffer.from([below(256)]), tail.subarray(1)]),
      () => Buffer.concat([head, tail.subarray(size)]),
      () => Buffer.concat([head, tail.subarray(0, size), tail]),
      () => Buffer.concat([head, Buffer.from(HOSTILE[below(HOSTILE.length)] ?? ''), tail]),
      () => head,
    ][below(5)];
    if (put) spoilt = put();
  }
  return spoilt;
}
