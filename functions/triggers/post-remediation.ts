import { createHash } from 'node:crypto';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { problem, type Result } from '../../shared/errors.ts';
import { parseJson } from '../../shared/intake/json.ts';
import { readManual } from '../../shared/intake/manual.ts';
import type { KeptAnswer } from '../../shared/intake/ports.ts';
import { sourceNameOf } from '../../shared/repair/policy/caps.ts';
import { defaultsFor } from '../../shared/repair/policy/defaults.ts';
import { answerStart } from './answers.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { json, problemResponse, readRaw, type Call, type Handler } from './http.ts';
import { logEvent } from './log.ts';
import { sourceOf } from './source-of.ts';
import { startRemediation } from './start.ts';

/** `POST /api/remediations`: a person or a program asks for one VM. */
export function postRemediation(deps: TriggerDependencies): Handler {
  return async (call) => {
    const raw = await readRaw(call.request);
    if (!raw.ok) return problemResponse(raw.problem);
    const key = readIdempotencyKey(call.request);
    if (!key.ok) return problemResponse(key.problem);
    if (key.value === undefined) return answer(deps, call, raw.value);
    return answerOnce(deps, call, raw.value, key.value);
  };
}

async function answer(deps: TriggerDependencies, call: Call, raw: Uint8Array): Promise<HttpResponseInit> {
  const body = parseJson(raw);
  if (!body.ok) return problemResponse(body.problem);
  const source = sourceOf(call.caller);
  const request = readManual(body.value, source, defaultsFor(deps.policy, sourceNameOf(source)));
  if (!request.ok) return problemResponse(request.problem);
  const started = await startRemediation(call.engine, deps, request.value);
  logEvent(call.context, 'manual-request', { vmId: started.vmId, status: started.status });
  return answerStart(call.request, started);
}

/**
 * The same key with the same body gives the same answer, for as long as it is kept; with another body 422.
 * Only a 202 is kept: after a refusal the world may have changed, and a retry deserves a fresh look. Two
 * calls at once may both get as far as the start, where the engine lets one through and the other join.
 */
async function answerOnce(
  deps: TriggerDependencies,
  call: Call,
  raw: Uint8Array,
  key: string,
): Promise<HttpResponseInit> {
  const bodyHash = createHash('sha256').update(raw).digest('hex');
  const kept = await deps.intake.readAnswer(key);
  if (kept) return repeat(kept, bodyHash);
  const fresh = await answer(deps, call, raw);
  if (fresh.status !== 202 || typeof fresh.body !== 'string') return fresh;
  const body: unknown = JSON.parse(fresh.body);
  const headers = Object.fromEntries(
    ['location', 'retry-after'].flatMap((name) => {
      const value = new Headers(fresh.headers).get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  return repeat(await deps.intake.keepAnswer(key, { bodyHash, status: 202, headers, body }), bodyHash);
}

function repeat(kept: KeptAnswer, bodyHash: string): HttpResponseInit {
  return kept.bodyHash === bodyHash
    ? json(kept.status, kept.body, { ...kept.headers })
    : problemResponse(problem('IdempotencyKeyReused'));
}

function readIdempotencyKey({ headers }: HttpRequest): Result<string | undefined> {
  const key = headers.get('idempotency-key');
  if (key === null) return { ok: true, value: undefined };
  return /^[\x21-\x7e]{1,255}$/.test(key)
    ? { ok: true, value: key }
    : {
        ok: false,
        problem: problem('RequestInvalid', 'Idempotency-Key must be 1 to 255 visible ASCII characters.'),
      };
}
