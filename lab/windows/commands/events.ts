import * as z from 'zod';
import type { EventView } from '../machine.ts';
import { WIN32, WindowsError } from '../machine/errors.ts';
import { date, type CommandSet, type Output } from './command.ts';

const filterSchema = z.object({
  log: z.enum(['System', 'Security']),
  ids: z.array(z.number()),
  since: z.string(),
  max: z.number(),
});

/** Where named data of event 4625 stands among its properties. */
const LOGON_FIELDS: Record<number, string> = { 10: 'LogonType', 13: 'WorkstationName', 19: 'IpAddress' };

export const eventCommands: CommandSet = {
  commands: {
    'Get-WinEvent': ({ events }, args) => {
      const { log, ids, since, max } = filterSchema.parse(args);
      const found = events.query({ log, ids, since: Date.parse(since), max });
      // Get-WinEvent makes an error of finding nothing.
      if (found.length === 0) throw new WindowsError(WIN32.fileNotFound, 'no events match');
      return found.map(shown);
    },
  },
};

function shown(event: EventView): Output {
  const names = event.id === 4625 ? LOGON_FIELDS : {};
  return {
    Id: event.id,
    ProviderName: event.provider,
    TimeCreated: date(event.time),
    Message: event.message,
    Properties: Array.from({ length: 21 }, (_, index) => ({ Value: event.data[names[index] ?? ''] ?? '-' })),
  };
}
