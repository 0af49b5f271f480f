import { createHash } from 'node:crypto';
import { Eta } from 'eta';
import type { RemediationRecord } from '../model/record.ts';
import { PAGE } from './templates/page.ts';
import { PARTS } from './templates/parts.ts';
import { STEP } from './templates/step.ts';
import { STYLE } from './templates/style.ts';
import { TIMELINE } from './templates/timeline.ts';
import { viewRecord } from './view.ts';
import { TOOLS } from './words.ts';

// Whatever a template prints with <%= %> is escaped; <%~ %> is kept for parts and for our own style sheet.
const eta = new Eta({ autoEscape: true, autoTrim: false, cache: true });
for (const [name, template] of Object.entries({ ...PARTS, step: STEP, timeline: TIMELINE, page: PAGE })) {
  eta.loadTemplate(`@${name}`, template);
}

/** Nothing may be loaded or run, and of all style sheets only ours counts. */
const POLICY = [
  `default-src 'none'`,
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  `base-uri 'none'`,
  `form-action 'none'`,
].join('; ');

/** The report as one self-contained file to read, print or forward: no scripts, nothing from elsewhere. */
export function renderHtml(record: RemediationRecord): string {
  return eta.render('@page', {
    ...viewRecord(record),
    style: STYLE,
    policy: POLICY,
    tools: TOOLS,
  });
}
