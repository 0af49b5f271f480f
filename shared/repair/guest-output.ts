import { MedicError } from '../errors.ts';
import { guestResultSchema, RESULT_MARKER, type GuestResult } from '../model/guest-result.ts';

/**
 * Reads a guest script's result: exactly one line that starts with the marker, and nothing after it.
 * Success by default is the mistake of comparable tools: without the line, the script has failed.
 * @throws MedicError `GuestResultMissing`.
 */
export function readGuestResult(output: string, scriptId: string): GuestResult {
  const lines = output.split(/\r?\n/).filter((line) => line.trim() !== '');
  const marked = lines.filter((line) => line.startsWith(RESULT_MARKER));
  const last = lines.at(-1);
  if (marked.length !== 1 || last === undefined || !last.startsWith(RESULT_MARKER)) {
    throw new MedicError(
      'GuestResultMissing',
      `${scriptId} ended with ${marked.length} result lines; its output ends: ${tail(output)}`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(last.slice(RESULT_MARKER.length));
  } catch (cause) {
    throw new MedicError(
      'GuestResultMissing',
      `${scriptId} printed a result that is not JSON: ${tail(last)}`,
      { cause },
    );
  }
  const parsed = guestResultSchema.safeParse(json);
  if (!parsed.success || parsed.data.script !== scriptId) {
    throw new MedicError('GuestResultMissing', `${scriptId} printed a result of another form: ${tail(last)}`);
  }
  return parsed.data;
}

function tail(text: string): string {
  return text.slice(-300).trim();
}
