import { composeScript } from '../../../shared/guest/compose.ts';
import { filesOfLib, LIBS, parseGuestFile, SCRIPTS } from './guest-files.ts';
import { commandName, commands, functionName, ofType } from './powershell.ts';
import { everywhere, IN_LIBS, inScripts, type Rules } from './rules.ts';

/** What Azure takes is not written down anywhere; these are bounds of our own, so that growth is seen. */
const MOST_BYTES = { collect: 120_000, apply: 180_000, 'peer-certificate': 60_000 };

async function problemsOf(id: string, rules: Rules) {
  const script = await parseGuestFile(id);
  return Object.entries(rules).flatMap(([rule, check]) => check(script).map((found) => ({ rule, ...found })));
}

describe('guest PowerShell', () => {
  it.each([...SCRIPTS, ...LIBS])('keeps the rules of every file: %s', async (id) => {
    expect(await problemsOf(id, await everywhere())).toEqual([]);
  });

  it.each(LIBS)('keeps the rules of a shared file: %s', async (id) => {
    expect(await problemsOf(id, IN_LIBS)).toEqual([]);
  });

  it.each(SCRIPTS)('keeps the contract of a script: %s', async (id) => {
    expect(await problemsOf(id, inScripts(id))).toEqual([]);
  });

  it('is three scripts, and nothing lies beside them that none of them takes in', () => {
    expect(SCRIPTS).toEqual(['apply', 'collect', 'peer-certificate']);
    expect(filesOfLib().filter((id) => !LIBS.includes(id))).toEqual([]);
  });

  it('has each function once, and calls each', async () => {
    const parsed = await Promise.all([...SCRIPTS, ...LIBS].map(parseGuestFile));
    const defined = parsed.flatMap(({ root }) => ofType(root, 'function_statement').map(functionName));
    const called = new Set(parsed.flatMap(({ root }) => commands(root).map(commandName)));
    expect(defined.filter((name, index) => defined.indexOf(name) !== index)).toEqual([]);
    expect(defined.filter((name) => !called.has(name))).toEqual([]);
  });
});

describe('what is sent', () => {
  for (const id of ['collect', 'apply', 'peer-certificate'] as const) {
    const bytes = Buffer.byteLength(composeScript(id));
    it(`of ${id} has ${String(bytes)} bytes, fewer than ${String(MOST_BYTES[id])}`, () => {
      expect(bytes).toBeLessThan(MOST_BYTES[id]);
    });
  }
});
