import { toJson, toJsonObject } from '../../../../lab/arm/store/json.ts';

describe('a copy as JSON has it', () => {
  it.each([
    ['texts, numbers and answers', ['a', 1.5, true, false]],
    ['nothing', null],
    ['what is undefined', { a: undefined, b: [undefined, 1], c: { d: undefined } }],
    ['numbers that JSON does not know', [NaN, Infinity]],
    ['dates', { at: new Date(0) }],
    ['lists of objects', [{ a: [{ b: {} }] }, []]],
  ])('is that which writing and reading gives: %s', (_, value) => {
    expect(toJson(value)).toEqual(JSON.parse(JSON.stringify(value)));
    expect(JSON.stringify(toJsonObject({ value }))).toBe(JSON.stringify({ value }));
  });

  it('is null for undefined, and an empty object where an object is wanted', () => {
    expect(toJson(undefined)).toBeNull();
    expect([undefined, null, 'a', [1]].map(toJsonObject)).toEqual([{}, {}, {}, {}]);
  });

  it('is not the original', () => {
    const original = { a: { b: [1] } };
    const copy = toJson(original);
    original.a.b.push(2);
    expect(copy).toEqual({ a: { b: [1] } });
  });

  it('is refused for what JSON cannot say', () => {
    expect(() => toJson({ call: () => 1 })).toThrow('JSON has no function.');
  });
});
