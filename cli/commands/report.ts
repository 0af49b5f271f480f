import { writeFileSync } from 'node:fs';
import * as z from 'zod';
import { renderMarkdown } from '../../shared/report/markdown.ts';
import { api } from '../api.ts';
import type { Ending } from '../exit-codes.ts';
import { findRemediation, readRecord } from '../remediation.ts';
import { wayOptionsSchema, withService } from '../service/open-service.ts';
import type { Service } from '../service/service.ts';

export const REPORT_FORMATS = ['html', 'md', 'json'] as const;

export const reportOptionsSchema = wayOptionsSchema.extend({
  format: z.enum(REPORT_FORMATS).default('md'),
  out: z.string().optional(),
});

/** `report <remediation>`: the report as a page, as Markdown, or the record. */
export async function report(named: string, options: z.infer<typeof reportOptionsSchema>): Promise<Ending> {
  const { format, out, ...way } = options;
  return withService<Ending>(way, async (service) => {
    const text = await reportAs(service, await findRemediation(service, named), format);
    if (out === undefined) process.stdout.write(text);
    else {
      writeFileSync(out, text);
      process.stderr.write(`${out}\n`);
    }
    return 'done';
  });
}

async function reportAs(
  service: Service,
  id: string,
  format: (typeof REPORT_FORMATS)[number],
): Promise<string> {
  if (format === 'html') return api.report(service, id);
  const record = await readRecord(service, id);
  return format === 'md' ? renderMarkdown(record) : `${JSON.stringify(record, undefined, 2)}\n`;
}
