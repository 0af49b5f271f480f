import * as z from 'zod';
import { problem, type Result } from '../../errors.ts';
import type { RemediationRequest } from '../../model/request.ts';
import type { Policy } from '../../repair/policy/schema.ts';
import { invalid } from '../invalid.ts';
import { readQueued } from '../manual.ts';
import type { Connector } from './connector.ts';
import { evaluate } from './evaluate.ts';
import { isAllowedAddress } from './reply-address.ts';

/** A request, or why the event asks for nothing. */
export type TicketReading = { readonly request: RemediationRequest } | { readonly reason: string };

const mappedSchema = z.union([
  z.strictObject({ skip: z.string() }),
  z.strictObject({
    vmId: z.union([z.string().transform((id) => [id]), z.array(z.string())]).default([]),
    ticket: z.coerce.string().max(256),
    mode: z.unknown().optional(),
    options: z.unknown().optional(),
    replyTo: z.string().max(2048).optional(),
  }),
]);

/**
 * Maps a ticket's event by its connector's expression. A ticket means one VM: where its text names
 * several, nobody but its author knows which. Problems: `RequestInvalid`, `UniformScaleSet`.
 */
export async function mapTicket(
  connector: Connector,
  payload: unknown,
  settings: Readonly<Record<string, string | undefined>>,
  defaults: Policy['defaults'],
): Promise<Result<TicketReading>> {
  if (await isOwnDoing(connector, payload, settings))
    return nothing('the event was caused by the account that writes the comments of this service');
  const named = connector.settings.map((name) => [name, settings[name] ?? '']);
  const mapped = await evaluate(connector.mapping, payload, { settings: Object.fromEntries(named) });
  if (!mapped.ok) return mapped;
  const read = mappedSchema.safeParse(mapped.value);
  if (!read.success) return { ok: false, problem: invalid(read.error) };
  if ('skip' in read.data) return nothing(read.data.skip);

  const { vmId, ticket, mode, options, replyTo } = read.data;
  const [only, ...others] = new Set(vmId);
  if (only === undefined) return nothing('the ticket contains no VM resource id');
  if (others.length > 0)
    return nothing(`the ticket contains ${others.length + 1} VM ids; it must contain exactly one`);
  if (replyTo !== undefined && !isAllowedAddress(replyTo, connector.comments?.allowedHosts ?? [])) {
    return {
      ok: false,
      problem: problem('RequestInvalid', "The ticket's address is not on the connector's list of hosts."),
    };
  }
  const request = readQueued(
    {
      vmId: only,
      ...(mode === undefined ? {} : { mode }),
      ...(options === undefined ? {} : { options }),
      source: { kind: 'ticket', id: ticket, name: connector.name, ...(replyTo ? { replyTo } : {}) },
    },
    ticket,
    defaults,
  );
  return request.ok ? { ok: true, value: { request: request.value } } : request;
}

/** A comment of ours is an event as well: taken for a wish it would start the next repair, and that the next comment. */
async function isOwnDoing(
  { author }: Connector,
  payload: unknown,
  settings: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const own = author && settings[author.own]?.trim().toLowerCase();
  if (!own) return false;
  const cause = await evaluate(author.of, payload);
  return cause.ok && typeof cause.value === 'string' && cause.value.trim().toLowerCase() === own;
}

function nothing(reason: string): Result<TicketReading> {
  return { ok: true, value: { reason } };
}
