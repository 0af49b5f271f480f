import type { Followed } from './follow.ts';
import type { Ending } from './exit-codes.ts';
import type { Service } from './service/service.ts';
import { endLines } from './terminal/record-lines.ts';
import { WAY_WORDS } from './service/service.ts';

/** Prints how a remediation has ended, as lines or as its record. Gives back how the command ends. */
export async function finish(
  service: Service,
  { record, ending }: Followed,
  { json }: { json: boolean },
): Promise<Ending> {
  if (!record) return ending;
  if (json) process.stdout.write(`${JSON.stringify(record)}\n`);
  else for (const line of endLines(record, process.stdout)) process.stdout.write(`${line}\n`);
  const files = record.outcome ? await service.keepFiles?.(record.id) : undefined;
  if (!json && record.outcome) {
    process.stdout.write(`  Report: rdp-medic report${WAY_WORDS[service.way]} ${record.id}\n`);
    if (files !== undefined) process.stdout.write(`  Report, record and evidence as files: ${files}\n`);
  }
  return ending;
}
