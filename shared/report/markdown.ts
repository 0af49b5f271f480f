import type { Problem, RemediationRecord } from '../model/record.ts';
import type { ChangeView } from './changes.ts';
import type { FindingView } from './faults.ts';
import { codeOrText, escapeMarkdown as text, link, table } from './markdown-text.ts';
import { viewRecord, type Fact, type ProbeView, type ReportView, type StepView } from './view.ts';

/** The report for tickets and chats: the same content as the HTML one, as GitHub-flavoured Markdown. */
export function renderMarkdown(record: RemediationRecord): string {
  const view = viewRecord(record);
  const lines = [
    `# ${text(view.vmName)}: ${view.label.text}`,
    '',
    `**Verdict:** ${text(view.summary)}`,
    '',
    ...factTable(view.facts),
    ...section('Waiting for approval', factTable(view.question)),
    ...section('What to do next', nextLines(view)),
    ...section('RDP, seen from outside', view.probes.flatMap(probeLines)),
    ...section('What was wrong', faultLines(view)),
    ...section('Plan', planLines(view)),
    ...section('Steps', [...stepTable(view.steps), ...view.steps.flatMap(stepLines)]),
    ...section('What is different now, and how to take it back', changeLines(view)),
    ...section('The way back', factTable(view.wayBack)),
    ...section('What was taken back', undoLines(view)),
    ...section('Resources', resourceLines(view)),
    ...section('Request', factTable(view.request)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...lines];
}

function list(items: readonly string[]): string[] {
  return items.length === 0 ? [] : [...items.map((item) => `- ${item}`), ''];
}

function factTable(facts: readonly Fact[]): string[] {
  return table(
    ['', ''],
    facts.map(({ name, value, exact }) => [name, exact ? codeOrText(value) : text(value)]),
  );
}

function nextLines({ record }: ReportView): string[] {
  return list([
    ...record.advice.map(text),
    ...record.refusals.map((refusal) => problem('Refused', refusal)),
    ...record.errors.map((error) => problem('Error', error)),
    ...record.warnings.map((warning) => `**Warning:** ${text(warning)}`),
  ]);
}

function problem(kind: string, { code, message, next }: Problem): string {
  const after = next === undefined ? '' : ` **Next:** ${text(next)}`;
  return `**${kind}** (${codeOrText(code)}): ${text(message)}${after}`;
}

function probeLines({ when, label, detail, facts }: ProbeView): string[] {
  return [`**${when}: ${label.text}.** ${text(detail)}`, '', ...factTable(facts)];
}

function faultLines({ faults }: ReportView): string[] {
  return table(
    ['Finding', 'Cause', 'Seen', 'Afterwards'],
    faults.map(({ code, cause, detail, severity, afterwards }) => [
      `${severity.text}: ${code}`,
      cause,
      text(detail),
      afterwards.text,
    ]),
  );
}

function planLines({ record: { plan } }: ReportView): string[] {
  if (!plan) return [];
  return list([
    ...plan.lines.map(text),
    ...(plan.downtime === '' ? [] : [`**Downtime:** ${text(plan.downtime)}`]),
    ...plan.losses.map((loss) => `**Lost:** ${text(loss)}`),
  ]);
}

function stepTable(steps: readonly StepView[]): string[] {
  return table(
    ['Step', 'Result', 'Started', 'Took'],
    steps.map(({ title, label, started, took }) => [text(title), label.text, started, took]),
  );
}

function stepLines(step: StepView): string[] {
  const lines = [
    ...(step.detail === '' ? [] : [text(step.detail)]),
    ...step.findings.map((finding) => `Found: ${findingText(finding)}`),
    ...step.changes.map((change) => `Changed: ${text(change.what)}, ${text(change.target)}${values(change)}`),
    ...step.remaining.map((finding) => `Still there: ${findingText(finding)}`),
    ...(step.probe ? [`RDP afterwards: ${step.probe.label.text}. ${text(step.probe.detail)}`] : []),
    ...(step.error ? [problem('Error', step.error)] : []),
    ...step.evidence.map(
      ({ name, url, href }) => `Evidence: ${href ? link(name, href) : `${text(name)} (${text(url)})`}`,
    ),
  ];
  return lines.length === 0 ? [] : [`### ${text(step.title)}`, '', ...list(lines)];
}

function values({ before, after }: ChangeView): string {
  if (before === null && after === null) return '';
  return ` (${text(before ?? 'not there')} → ${text(after ?? 'not there')})`;
}

function findingText({ code, detail, data, severity }: FindingView): string {
  return `${severity.text} ${code}. ${text(detail)}${data === '' ? '' : ` (${text(data)})`}`;
}

function changeLines({ changes }: ReportView): string[] {
  return table(
    ['Change', 'Where', 'Before', 'After', 'Take it back'],
    changes.map(({ what, target, before, after, undo }) =>
      [what, target, before ?? '–', after ?? '–', undo].map(text),
    ),
  );
}

function undoLines({ record }: ReportView): string[] {
  return list(
    record.undo.map(
      ({ description, done, error }) =>
        `${done ? 'Done' : '**Not done**'}: ${text(description)}${error ? ` ${problem('Error', error)}` : ''}`,
    ),
  );
}

function resourceLines({ record: { cleanup } }: ReportView): string[] {
  return list([
    ...cleanup.kept.map((id) => `Kept: ${codeOrText(id)}`),
    ...cleanup.leftovers.map((id) => `**Left behind:** ${codeOrText(id)}`),
    ...cleanup.removed.map((id) => `Removed: ${codeOrText(id)}`),
  ]);
}
