import { problem, type Result } from '../../shared/errors.ts';
import { parseJson } from '../../shared/intake/json.ts';
import { authenticate } from '../../shared/intake/tickets/authenticate.ts';
import type { Connector } from '../../shared/intake/tickets/connector.ts';
import { mapTicket, type TicketReading } from '../../shared/intake/tickets/map-ticket.ts';
import { defaultsFor } from '../../shared/repair/policy/defaults.ts';
import { answerStart } from './answers.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { json, problemResponse, readRaw, type Call, type Handler } from './http.ts';
import { logEvent } from './log.ts';
import { startRemediation } from './start.ts';

/** `POST /api/tickets/{connector}`: a ticket system's webhook. */
export function postTicket(deps: TriggerDependencies): Handler {
  return async (call) => {
    const connector = deps.connectors.get(call.request.params['connector'] ?? '');
    if (!connector) return problemResponse(problem('NotFound', 'There is no such connector.'));
    const read = await readTicket(deps, call, connector);
    if (!read.ok) {
      logEvent(call.context, 'ticket-refused', { connector: connector.name, code: read.problem.code });
      return problemResponse(read.problem);
    }
    const { reading, replayKey } = read.value;
    if ('reason' in reading) {
      logEvent(call.context, 'ticket-nothing-to-do', { connector: connector.name, reason: reading.reason });
      return json(202, { status: 'nothing-to-do', reason: reading.reason });
    }
    if (replayKey !== undefined && !(await deps.intake.claim('signature', replayKey))) {
      return problemResponse(problem('SignatureReplayed'));
    }
    // Where nothing came of it, the sender's own retry, signed the same, must not look like a replay.
    let taken = false;
    try {
      const answer = await startRemediation(call.engine, deps, reading.request);
      taken = answer.status !== 'refused';
      logEvent(call.context, 'ticket', {
        connector: connector.name,
        vmId: answer.vmId,
        status: answer.status,
      });
      return answerStart(call.request, answer);
    } finally {
      if (!taken && replayKey !== undefined) await deps.intake.release('signature', replayKey);
    }
  };
}

/** Signature first, over the raw body; then JSON; then the moment; then the mapping. */
async function readTicket(
  deps: TriggerDependencies,
  { request }: Call,
  connector: Connector,
): Promise<Result<{ reading: TicketReading; replayKey: string | undefined }>> {
  const raw = await readRaw(request);
  if (!raw.ok) return raw;
  const incoming = { raw: raw.value, header: (name: string) => request.headers.get(name) };
  const authentic = authenticate(connector, incoming, deps.settings, deps.clock.now());
  if (!authentic.ok) return authentic;
  const payload = parseJson(raw.value);
  if (!payload.ok) return payload;
  const { replayKey, checkMoment } = authentic.value;
  const fresh = await checkMoment(payload.value);
  if (!fresh.ok) return fresh;
  const defaults = defaultsFor(deps.policy, `ticket:${connector.name}`);
  const reading = await mapTicket(connector, payload.value, deps.settings, defaults);
  return reading.ok ? { ok: true, value: { reading: reading.value, replayKey } } : reading;
}
