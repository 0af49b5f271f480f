import * as z from 'zod';
import { VERSIONS } from './contract.ts';
import type { Bench } from './lab.ts';
import { send } from './wire.ts';

const refusalSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** What a call was answered, and what became of the operation that it began. */
export interface Answer {
  status: number;
  /** Of a refusal, at once or at the end of the operation. */
  code?: string;
  message?: string;
  body: unknown;
  headers: Record<string, string | string[] | undefined>;
}

/** A bare call, as any client of Azure may make it: nothing of ours comes between. */
export async function ask(bench: Bench, method: string, path: string, body?: unknown): Promise<Answer> {
  const version = VERSIONS.find(([pattern]) => pattern.test(path))?.[1] ?? '';
  const address = `${encodeURI(path)}${path.includes('?') ? '&' : '?'}api-version=${version}`;
  const answer = await send(bench.lab, method, address, body);
  const { error } = refusalSchema.safeParse(answer.body).data ?? {};
  return { ...answer, ...error };
}

/** As `ask`, and waits for the end of the operation, by the address that the answer names for it. */
export async function bring(bench: Bench, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await ask(bench, method, path, body);
  const poll = answer.headers['azure-asyncoperation'];
  if (typeof poll !== 'string') return answer;
  await bench.clock.idle();
  const ended = await send(bench.lab, 'GET', poll.slice(bench.lab.url.length));
  const { error } = refusalSchema.safeParse(ended.body).data ?? {};
  return { ...answer, ...error };
}
