import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const rows = readFileSync(join(ROOT, 'docs/safety.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, what, file, title] = /^\| ([^|]+) \| [^|]+ \| `(test\/[^`]+)`: ([^|]+?) \|$/.exec(line) ?? [];
    return what && file && title ? [{ what, file, title }] : [];
  });

/** The file, and those beside it that hold what it describes. */
function textOf(file: string): string {
  const folder = dirname(join(ROOT, file));
  const beside = readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => path.includes('/model/') && statSync(path).isFile());
  return [join(ROOT, file), ...beside].map((path) => readFileSync(path, 'utf8')).join('\n');
}

describe('What docs/safety.md says becomes of a VM', () => {
  it('is said of what is known to happen', () => {
    expect(rows.length).toBeGreaterThanOrEqual(35);
  });
  it.each(rows)('when $what is shown by a test of that title', ({ file, title }) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(textOf(file)).toContain(title);
  });
});
