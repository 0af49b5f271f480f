import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { Lab } from '../../../lab/arm/start-lab.ts';
import { behind } from '../../../lab/clock/behind.ts';
import { sleep } from '../../../lab/clock/sleep.ts';

/** Until a command is up and has its token: a second, where ours took 0.7 s (azure-cli 2.45). */
const COMMAND_SECONDS = 1;
/** What the SDKs of the command line wait where Azure names no `Retry-After` (azure-mgmt, `polling_interval`): so with deployments. */
const POLLING_SECONDS = 30;

const VERSIONS: readonly [RegExp, string][] = [
  [/Microsoft\.Network/, '2022-01-01'],
  [/Microsoft\.Compute\/skus/, '2019-04-01'],
  [/Microsoft\.Compute\/disks/, '2022-07-02'],
  [/Microsoft\.Compute\/snapshots/, '2022-03-02'],
  [/Microsoft\.Compute/, '2022-11-01'],
  [/./, '2021-04-01'],
];

const bodySchema = z.looseObject({
  error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
  status: z.string().optional(),
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

/** Somebody at a command line, whose every call to ARM is counted. Holds the clock but for where it waits. */
export interface Operator {
  /** How many calls there were. */
  readonly calls: number;
  /** A new process of the command line. */
  readonly command: <T>(work: () => Promise<T>) => Promise<T>;
  /** Lets time pass. */
  readonly rest: (seconds: number) => Promise<void>;
  /** Lets go of the clock for good. */
  readonly leave: () => void;
  /** @throws Error for what is refused */
  readonly get: (path: string) => Promise<unknown>;
  /** Asks whether something is there: a refusal is an answer too. */
  readonly look: (method: 'GET' | 'HEAD', path: string) => Promise<void>;
  /** A change, polled to its end as the command line does: at once, then as `Retry-After` says. @throws Error for what fails */
  readonly change: (method: 'PUT' | 'POST' | 'DELETE', path: string, body?: object) => Promise<void>;
  /** A change whose end is not waited for. */
  readonly begin: (method: 'PUT' | 'DELETE', path: string, body?: object) => Promise<void>;
  /** What `--validate` sends: a template that is looked at, and nothing made. */
  readonly validate: () => void;
  /**
   * A template deployment: one call and its polls, while ARM itself makes the resources, each once those are done that it needs.
   * The lab has no deployments; what ARM calls is not counted.
   */
  readonly deploy: (...resources: readonly (readonly [string, object])[]) => Promise<void>;
}

/** Speaks to a lab on a virtual clock, as its owner. Nothing of the service's own client is in between. */
export function createOperator(lab: Lab): Operator {
  const clock = behind(lab.clock);
  let calls = 0;
  let release = clock.hold();

  const letGo = async (wait: () => Promise<void>): Promise<void> => {
    release();
    await wait();
    release = clock.hold();
  };
  const rest = (seconds: number): Promise<void> => letGo(() => sleep(clock, seconds * 1000));

  const send = async (method: string, path: string, body?: object): Promise<Answer> => {
    const version = VERSIONS.find(([pattern]) => pattern.test(path))?.[1] ?? '';
    const address = path.startsWith('https:')
      ? path
      : `${lab.url}${encodeURI(path)}${path.includes('?') ? '&' : '?'}api-version=${version}`;
    const headers = {
      Authorization: `Bearer ${lab.identity.issue(3600, lab.identity.operator)}`,
      'Content-Type': 'application/json',
    };
    return new Promise((resolve, reject) => {
      request(address, { method, headers, ca: lab.caPem }, (response) => {
        text(response).then((answer) => {
          const { statusCode = 0, headers } = response;
          resolve({ status: statusCode, headers, body: answer === '' ? {} : JSON.parse(answer) });
        }, reject);
      })
        .on('error', reject)
        .end(body && JSON.stringify(body));
    });
  };
  const ask = async (method: string, path: string, body?: object): Promise<Answer> => {
    calls += 1;
    const answer = await send(method, path, body);
    const { error } = bodySchema.safeParse(answer.body).data ?? {};
    if (error) throw new Error(`${method} ${path}: ${error.code}: ${error.message}`);
    return answer;
  };
  /** @param poll is called for each look */
  const follow = async (first: Answer, poll: typeof send): Promise<void> => {
    const address = first.headers['azure-asyncoperation'];
    if (typeof address !== 'string') return;
    for (;;) {
      const { headers, body } = await poll('GET', address);
      const { status, error } = bodySchema.parse(body);
      if (error) throw new Error(`${error.code}: ${error.message}`);
      if (status !== 'InProgress') return;
      await rest(Number(headers['retry-after'] ?? POLLING_SECONDS));
    }
  };
  const make = async (path: string, body: object): Promise<void> => {
    const first = await send('PUT', path, body);
    const { error } = bodySchema.parse(first.body);
    if (error) throw new Error(`PUT ${path}: ${error.code}: ${error.message}`);
    const poll = first.headers['azure-asyncoperation'];
    const id = /operations\/([^?]+)/i.exec(typeof poll === 'string' ? poll : '')?.[1] ?? '';
    const operation = lab.operations.find(id);
    if (operation) await letGo(() => lab.operations.ended(operation));
    if (operation?.error) throw operation.error;
  };

  return {
    get calls() {
      return calls;
    },
    async command(work) {
      await rest(COMMAND_SECONDS);
      return work();
    },
    get: async (path) => (await ask('GET', path)).body,
    async look(method, path) {
      calls += 1;
      await send(method, path);
    },
    async change(method, path, body) {
      await follow(await ask(method, path, body), ask);
      // What a PUT made is read at the end.
      if (method === 'PUT') await ask('GET', path);
    },
    async begin(method, path, body) {
      await ask(method, path, body);
    },
    rest,
    leave: () => {
      release();
    },
    validate() {
      calls += 1;
    },
    async deploy(...resources) {
      const begun = clock.now();
      calls += 1;
      for (const [id, body] of resources) await make(id, body);
      const looks = 1 + Math.ceil((clock.now() - begun) / 1000 / POLLING_SECONDS);
      calls += looks;
      await rest((begun - clock.now()) / 1000 + (looks - 1) * POLLING_SECONDS);
      // What was deployed is read once more.
      calls += 1;
    },
  };
}
