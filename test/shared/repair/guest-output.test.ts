import type { MedicError } from '../../../shared/errors.ts';
import { RESULT_MARKER, type GuestResult } from '../../../shared/model/guest-result.ts';
import { readGuestResult } from '../../../shared/repair/guest-output.ts';

const RESULT: GuestResult = {
  schema: 1,
  script: 'online/tls',
  ok: true,
  changed: false,
  findings: [],
  actions: [],
  remaining: [],
  restart: 'none',
  facts: {},
  error: null,
};
const line = (change: object = {}): string => RESULT_MARKER + JSON.stringify({ ...RESULT, ...change });

describe("a script's output", () => {
  it('is judged by its last line', () => {
    expect(readGuestResult(`Looking at TLS...\r\n${line({ changed: true })}\r\n\r\n`, 'online/tls')).toEqual({
      ...RESULT,
      changed: true,
    });
  });

  it.each([
    ['nothing', ''],
    ['text without a result', 'all good, trust me'],
    ['two results', `${line()}\n${line()}`],
    ['something after the result', `${line()}\nand another thing`],
    ['a result cut off by the 4 KB tail', line().slice(0, -20)],
    ['the result of another script', line({ script: 'online/rdp-port' })],
    ['a result of another schema', line({ schema: 2 })],
  ])('with %s is a failure, never a success', (_what, output) => {
    expect(() => readGuestResult(output, 'online/tls')).toThrow(
      expect.objectContaining({ code: 'GuestResultMissing' }) as MedicError,
    );
  });
});
