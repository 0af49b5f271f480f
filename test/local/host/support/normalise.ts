import * as z from 'zod';

const turnSchema = z.object({
  trigger: z.looseObject({ history: z.array(z.looseObject({ EventType: z.number() })) }),
  returned: z.unknown(),
});
export type Turn = z.infer<typeof turnSchema>;
export const turnsSchema = z.array(turnSchema);

const timestamped = z.looseObject({ Timestamp: z.string() });
const timer = z.looseObject({ FireAt: z.string() });

/** Milliseconds of a .NET timestamp, without the parts of a millisecond that JavaScript does not have. */
const at = (time: string): number => Date.parse(time.replace(/(\.\d{3})\d*Z$/, '$1Z'));

/**
 * Takes out of a turn what differs from run to run: points in time (those of timers become the distance from the
 * turn that made them), execution ids, and the long texts behind an error's first line.
 */
export function normaliseTurn({ trigger, returned }: Turn): unknown {
  let turnStarted = 0;
  const history = trigger.history.map((event) => {
    if (event.EventType === 12) turnStarted = at(timestamped.parse(event).Timestamp);
    const { data } = timer.safeParse(event);
    const plain = scrub({ ...event, Timestamp: undefined });
    // A fired timer shows the time that was asked for in an earlier turn.
    return data && event.EventType === 10 ? { plain, after: at(data.FireAt) - turnStarted } : plain;
  });
  return { trigger: { ...trigger, history }, returned: scrub(returned) };
}

const HIDDEN = new Set(['ExecutionId', 'Details', 'FireAt', 'fireAt']);

/** The value with everything hidden that no two runs share. */
function scrub(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(scrub);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    entries.map(([key, field]): [string, unknown] => [key, HIDDEN.has(key) ? `<${key}>` : scrub(field)]),
  );
}

/** What remains of a run when it does not matter in which turn a message was read. */
export function withoutTurns(turns: Turn[]): unknown {
  const last = turns.at(-1);
  const events = (last?.trigger.history ?? []).filter(
    ({ EventType }) => EventType !== 12 && EventType !== 13,
  );
  const texts = events.map((event) => {
    const fields = Object.entries({ ...event, Timestamp: undefined, IsPlayed: undefined }).sort();
    return JSON.stringify(scrub(Object.fromEntries(fields)));
  });
  return { events: texts.sort(), returned: scrub(last?.returned) };
}
