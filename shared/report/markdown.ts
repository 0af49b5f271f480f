import type { Commands } from '../model/commands.ts';
import type { Problem, RemediationRecord } from '../model/record.ts';
import type { ChangeView } from './changes.ts';
import type { FindingView } from './faults.ts';
import { codeBlock, codeOrText, escapeMarkdown as text, link, table } from './markdown-text.ts';
import type { Fact } from './facts.ts';
import { viewRecord, type ProbeView, type ReportView, type StepView } from './view.ts';
import { TOOLS } from './words.ts';

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
    ...section('Downtime and timeline', downtimeLines(view)),
    ...section('RDP, as seen from outside', view.probes.flatMap(probeLines)),
    ...section('What was wrong', faultLines(view)),
    ...section('Plan', planLines(view)),
    ...section('Approval', factTable(view.approvals)),
    ...section('Steps', view.steps.flatMap(stepLines)),
    ...section('Changes, and how to undo them', changeLines(view)),
    ...section('What is kept until when', factTable(view.wayBack)),
    ...section('Changes undone', undoLines(view)),
    ...section('Not repaired: what was ruled out, and what to send to support', unsolvedLines(view)),
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

function nextLines({ record, advice }: ReportView): string[] {
  return [
    ...advice.flatMap(({ words, commands }) => [`- ${text(words)}`, ...blocks(commands)]),
    ...(advice.length === 0 ? [] : ['']),
    ...problemLines(record),
  ];
}

/** The commands of a list's item, indented into it: a line each, to be copied as they are. */
function blocks(commands: readonly Commands[]): string[] {
  return commands.flatMap(({ tool, lines }) => [
    '',
    `  ${TOOLS[tool]}:`,
    '',
    ...codeBlock(lines).map((line) => `  ${line}`),
  ]);
}

function downtimeLines({ downtime, steps, timeline }: ReportView): string[] {
  if (!timeline) return [];
  return [
    `**${text(downtime.short)}.** ${text(downtime.sentence)}`,
    '',
    ...downtime.outages.flatMap(({ title, facts }) => [`**${text(title)}**`, '', ...factTable(facts)]),
    ...stepTable(steps),
  ];
}

function problemLines(record: RemediationRecord): string[] {
  return list([
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
    ...(plan.costs ?? []).map((cost) => `**Cost:** ${text(cost)}`),
  ]);
}

function stepTable(steps: readonly StepView[]): string[] {
  return table(
    ['Step', 'Result', 'Started', 'Duration'],
    steps.map(({ title, label, started, took }) => [text(title), label.text, started, took]),
  );
}

function stepLines(step: StepView): string[] {
  const lines = [
    ...(step.detail === '' ? [] : [text(step.detail)]),
    ...step.findings.map((finding) => `Found: ${findingText(finding)}`),
    ...step.changes.map(
      (change) =>
        `Changed: ${text(change.what)}, ${text(change.target)}${values(change)}${permissionText(change)}`,
    ),
    ...step.remaining.map((finding) => `Still there: ${findingText(finding)}`),
    ...(step.probe ? [`RDP afterwards: ${step.probe.label.text}. ${text(step.probe.detail)}`] : []),
    ...(step.error ? [problem('Error', step.error)] : []),
    ...step.evidence.map((piece) => `Evidence: ${evidenceText(piece)}`),
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
  return changes
    .flatMap((change) => {
      const { what, target, undo, commands } = change;
      return [
        `- **${text(what)}** ${text(target)}${values(change)}${permissionText(change)}. ${text(undo)}`,
        ...blocks(commands),
      ];
    })
    .concat(changes.length === 0 ? [] : ['']);
}

function permissionText({ permissions }: ChangeView): string {
  return permissions.length === 0 ? '' : `: ${permissions.map(text).join('; ')}`;
}

function evidenceText({ name, url, href }: StepView['evidence'][number]): string {
  return href ? link(name, href) : `${text(name)} (${text(url)})`;
}

function unsolvedLines({ unsolved }: ReportView): string[] {
  if (!unsolved) return [];
  const { ruledOut, notLookedAt, support, evidence } = unsolved;
  return [
    ...list(ruledOut.map((line) => `Ruled out: ${text(line)}`)),
    ...list(notLookedAt.map((line) => `Could not be read: ${text(line)}`)),
    'Attach to a support request: this report, record.json, and the evidence of each step.',
    '',
    ...list(evidence.map(evidenceText)),
    ...factTable(support),
  ];
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
