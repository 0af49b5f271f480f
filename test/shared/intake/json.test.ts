import { isJsonContentType, MAX_BODY_BYTES, MAX_DEPTH, parseJson } from '../../../shared/intake/json.ts';

const problemOf = (body: string | Uint8Array): string => {
  const read = parseJson(body);
  return read.ok ? 'read' : `${read.problem.code}: ${read.problem.message}`;
};

describe('A body is read as strict JSON', () => {
  it('gives the value of what is fine', () => {
    expect(parseJson('{"a":[1,{"b":null}],"c":"é"}')).toEqual({
      ok: true,
      value: { a: [1, { b: null }], c: 'é' },
    });
  });

  it('reads bytes with a byte order mark, as Windows PowerShell sends them', () => {
    expect(parseJson(Buffer.from('\ufeff{"a":1}'))).toEqual({ ok: true, value: { a: 1 } });
  });

  it.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['a comment', '{"a":1 /* no */}'],
    ['a trailing comma', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['half an object', '{"a":'],
    ['NaN', '{"a":NaN}'],
  ])('refuses %s', (_what, body) => {
    expect(problemOf(body)).toBe('BodyNotJson: The body is not valid JSON.');
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(problemOf(Uint8Array.of(0x7b, 0xff, 0x7d))).toBe('BodyNotJson: The body is not valid UTF-8.');
  });

  it.each([
    '{"vmId":"a","vmId":"b"}',
    '{"x":{"vmId":"a","y":1,"vmId":"b"}}',
    '[{"vmId":"a","\\u0076mId":"b"}]',
    '{"vmId":"a","x":{"y":1},"vmId":"b"}',
  ])('refuses a key that comes twice, also when it is escaped: %s', (body) => {
    expect(problemOf(body)).toMatch(/^BodyNotJson: A key is duplicated/);
  });

  it('takes the same key in two objects', () => {
    expect(parseJson('[{"a":1},{"a":2,"b":{"a":3}}]').ok).toBe(true);
  });

  it.each(['__proto__', 'constructor', 'prototype', '\\u005f_proto__'])('refuses the key %s', (key) => {
    expect(problemOf(`{"x":{"${key}":{"polluted":true}}}`)).toMatch(/reserved word/);
  });

  it(`takes ${MAX_DEPTH} levels and refuses one more`, () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(problemOf(nested(MAX_DEPTH))).toBe('read');
    expect(problemOf(nested(MAX_DEPTH + 1))).toMatch(/deeper than 32/);
    // One beside the other is no level.
    expect(problemOf(`[${Array.from({ length: 40 }, () => '[{}]').join()}]`)).toBe('read');
  });

  it('survives a body that is nothing but nesting', () => {
    const half = MAX_BODY_BYTES / 2;
    expect(problemOf('['.repeat(half) + ']'.repeat(half))).toMatch(/deeper than 32/);
    expect(problemOf('{"a":'.repeat(40_000) + '1' + '}'.repeat(40_000))).toMatch(/deeper than 32/);
  });

  it('takes the limit to the byte, and refuses one byte more', () => {
    const filled = (bytes: number): string => `"${'a'.repeat(bytes - 2)}"`;
    expect(problemOf(filled(MAX_BODY_BYTES))).toBe('read');
    expect(problemOf(filled(MAX_BODY_BYTES + 1))).toMatch(/^BodyTooLarge/);
  });
});

describe('A content type says JSON', () => {
  it.each(['application/json', 'Application/JSON; charset=utf-8', 'application/vnd.api+json'])(
    '%s',
    (type) => {
      expect(isJsonContentType(type)).toBe(true);
    },
  );
  it.each([
    null,
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'text/json',
    'application/jsonp',
    'text/application/x+json',
    'application/x+json2',
  ])('not %s', (type) => {
    expect(isJsonContentType(type)).toBe(false);
  });
});
