import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../../shared/package-root.ts';

export const read = (path: string): string => readFileSync(join(PACKAGE_ROOT, path), 'utf8');

const ROOMS = ['.', '.github', 'docs', 'guest', 'infra', 'lab', 'local', 'page'];

/** Every document of the project, from its root: `docs/alerts.md`. */
export const DOCUMENTS = ROOMS.flatMap((room) =>
  readdirSync(join(PACKAGE_ROOT, room), { recursive: room !== '.', encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(room, name)),
).sort();

export interface Command {
  /** The document that has it. */
  document: string;
  /** As it is typed, on one line, without its comment. */
  text: string;
  /** Whether it is said to need Azure: by its line, its block or the heading of its column. */
  needsAzure: boolean;
}

const NEEDS_AZURE = /\bneed(s)? (an )?Azure\b/;
/** Programs that a person types. */
const PROGRAM = /^(az|azd|curl|docker|func|gh|git|node|npm|npx|openssl|rdp-medic|scripts\/\S+|sudo) /;

const isAzurePage = (text: string): boolean => text.includes('All `az` commands on this page need Azure');

/** The shell blocks of a document, whole. */
export function shellBlocks(document: string): string[] {
  return [...read(document).matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].map(([, text = '']) => text);
}

/** Every command of a document, of its shell blocks and between the words. */
export function commandsOf(document: string): Command[] {
  const inBlocks = shellBlocks(document).flatMap((block) => {
    const ofBlock =
      NEEDS_AZURE.test(block.trimStart().split('\n')[0] ?? '') && block.trimStart().startsWith('#');
    return block
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .flatMap((line) => {
        const ofLine = NEEDS_AZURE.test(line) || (isAzurePage(read(document)) && line.startsWith('az '));
        const typed = line.replace(/(^|\s+)# .*$/, '').split(' && ');
        return typed.map((text) => ({ document, text: text.trim(), needsAzure: ofBlock || ofLine }));
      });
  });
  return [...inBlocks.filter(({ text }) => text !== ''), ...between(document)];
}

/** Commands in backticks: what has an option or a place to fill in, or is one of ours; a bare `az vm repair` is a name. */
function between(document: string): Command[] {
  const text = read(document).replaceAll(/^ *```[\s\S]*?^ *```/gm, '');
  const wholePage = /All `az` commands on this page need Azure/.test(text);
  return text.split('\n\n').flatMap((paragraph) =>
    [...paragraph.matchAll(/`([^`\n]+)`/g)]
      .map(([, command = '']) => command)
      .filter((command) => PROGRAM.test(command) && !/^rdp-medic -/.test(command))
      .filter(
        (command) => /^(npm|npx|node|rdp-medic|scripts)/.test(command) || / -|[A-Z]{2,}|<|=/.test(command),
      )
      .map((command) => ({
        document,
        text: command,
        needsAzure: NEEDS_AZURE.test(paragraph) || (wholePage && command.startsWith('az ')),
      })),
  );
}
