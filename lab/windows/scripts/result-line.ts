import { RESULT_MARKER, type Finding, type GuestResult } from '../../../shared/model/guest-result.ts';

/** Run Command keeps the last 4,096 bytes; the same room as in `guest/lib/rdp-medic.ps1`. */
const MAX_LENGTH = 3500;
const SEVERITIES: readonly Finding['severity'][] = ['info', 'warning', 'fault'];

/** The last line of a script's output: ASCII, the rest escaped. */
export function resultLine(result: GuestResult): string {
  return RESULT_MARKER + toAscii(result);
}

function toAscii(result: GuestResult): string {
  return JSON.stringify(result).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** As `Limit-Result`: drops what is said at length, least severe and last first; codes are never dropped. */
export function limitResult(result: GuestResult): GuestResult {
  const limited = structuredClone(result);
  const fits = (): boolean => toAscii(limited).length <= MAX_LENGTH;
  for (const severity of SEVERITIES) {
    for (const list of [limited.findings, limited.remaining]) {
      for (const finding of list.toReversed()) {
        if (fits()) return limited;
        if (finding.severity !== severity) continue;
        finding.data = {};
        finding.detail = '';
      }
    }
  }
  while (limited.actions.length > 0 && !fits()) limited.actions.pop();
  return limited;
}
