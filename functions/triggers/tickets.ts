import { problem, type Result } from '../../shared/errors.ts';
import { parseJson } from '../../shared/intake/json.ts';
import { authenticate } from '../../shared/intake/tickets/authenticate.ts';
import type { Connector } from '../../shared/intake/tickets/connector.ts';
import { mapTicket, type TicketReading } from '../../shared/intake/tickets/map-ticket.ts';
import { defaultsFor } from '../../shared/repair/policy/defaults.ts';
import { instanceIdOf } from '../../shared/model/remediation-id.ts';
import type { RemediationRequest, RequestSource } from '../../shared/model/request.ts';
import { answerStart } from './answers.ts';
import type { TriggerDependencies } from './dependencies.ts';
import { findActive, type Engine } from './engine.ts';
import { json, problemResponse, readRaw, type Call, type Handler } from './http.ts';
import { logEvent } from './log.ts';
import { startRemediation } from './start.ts';

/** In seconds. */
const MINUTE = 60;

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
      const resting = await restOf(deps, call.engine, reading.request);
      if (resting !== undefined) {
        taken = true;
        logEvent(call.context, 'ticket-rests', { connector: connector.name });
        return json(202, { status: 'nothing-to-do', reason: resting });
      }
      const answer = await startRemediation(call.engine, deps, reading.request);
      taken = answer.status !== 'refused';
      if (answer.status === 'started' || answer.status === 'queued') await rest(deps, reading.request.source);
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

/** Why a ticket that has asked for a repair lately starts nothing: its own comments, and rules that people have made, send it again. */
async function restOf(
  { intake, policy }: TriggerDependencies,
  engine: Engine,
  { source, vmId }: RemediationRequest,
): Promise<string | undefined> {
  const { ticketCoolDownMinutes: minutes } = policy.limits;
  const asked = minutes > 0 && (await intake.turnsTaken(turnOfTicket(source), minutes * MINUTE)) > 0;
  // While that repair goes on, whoever asks is told where to follow it.
  return asked && !(await findActive(engine, instanceIdOf(vmId)))
    ? `this ticket already requested a repair within the last ${minutes} minutes`
    : undefined;
}

/** From now on the ticket rests. */
async function rest({ intake, policy }: TriggerDependencies, ticket: RequestSource): Promise<void> {
  const { ticketCoolDownMinutes: minutes } = policy.limits;
  if (minutes > 0) await intake.takeTurn(turnOfTicket(ticket), 1, minutes * MINUTE);
}

function turnOfTicket({ name, id }: RequestSource): string {
  return `ticket:${JSON.stringify([name, id])}`;
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
