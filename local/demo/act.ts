import { join } from 'node:path';
import * as z from 'zod';
import { VERBS } from '../../lab/actors/deeds/index.ts';
import { controlAnswerSchema, findControl, type ControlAddress } from './control.ts';
import { stateFolder } from '../state-folder.ts';
import { paint, say } from '../terminal/screen.ts';

const activitySchema = z.object({
  activity: z.array(
    z.object({
      at: z.number(),
      caller: z.string(),
      action: z.string(),
      resource: z.string(),
      status: z.string(),
      errorCode: z.string().optional(),
    }),
  ),
});

const NEWEST = 20;

const refusalSchema = z.object({ error: z.string() });

/** The lab that runs here, of `start` or alone. */
function findLab(): ControlAddress | undefined {
  const found = ['start', 'lab'].map((name) => findControl(join(stateFolder(), name))).find(Boolean);
  if (!found)
    process.stderr.write('No lab is running. Start one with rdp-medic start or rdp-medic lab start.\n');
  return found;
}

/** Breaks a VM of the lab that runs. */
export async function runBreak(vm: string, fault: string): Promise<number> {
  const found = findLab();
  if (!found) return 1;
  const answer = await fetch(`${found.url}/break`, {
    method: 'POST',
    headers: { 'x-lab-key': found.key },
    body: JSON.stringify({ vm, fault }),
  });
  if (answer.ok) {
    say(`${vm} is broken by ${fault}.`);
    return 0;
  }
  process.stderr.write(`${refusalSchema.parse(await answer.json()).error}\n`);
  return 2;
}

/** Does something to the lab that runs as somebody else, or tells who did what. */
export async function runAct(words: readonly string[]): Promise<number> {
  const found = findLab();
  if (!found) return 1;
  if (words.length === 0) return tell(found);
  const given = words.join(' ');
  // A deed alone is done now.
  const script = /[-~]>/.test(given) ? given : `now -> ${given}`;
  const answer = await fetch(found.url, {
    method: 'POST',
    headers: { 'x-lab-key': found.key },
    body: script,
  });
  if (!answer.ok) {
    process.stderr.write(`${refusalSchema.parse(await answer.json()).error}\n`);
    return 2;
  }
  const { done, waiting } = controlAnswerSchema.parse(await answer.json());
  for (const { who, deed, error } of done)
    say(
      `${who}: ${deed}: ${error ? paint('red', `${error.code} ${error.message}`) : paint('green', 'done')}`,
    );
  if (waiting > 0) say(`${String(waiting)} scheduled.`);
  return done.some(({ error }) => error) ? 1 : 0;
}

async function tell({ url, key }: ControlAddress): Promise<number> {
  const answer = await fetch(url, { headers: { 'x-lab-key': key } });
  const { activity } = activitySchema.parse(await answer.json());
  for (const { at, caller, action, resource, status, errorCode } of activity.slice(-NEWEST)) {
    const name = resource.slice(resource.lastIndexOf('/') + 1);
    say([new Date(at).toISOString(), caller, action, name, status, errorCode ?? ''].join('  ').trimEnd());
  }
  say(
    `\nTry: rdp-medic lab act 'start on tls'. Actions: ${Object.values(VERBS)
      .map(({ usage }) => usage)
      .join(' · ')}`,
  );
  return 0;
}
