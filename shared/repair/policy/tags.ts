/** Tag names are case-insensitive in Azure, their values are not; a careless capital must not opt a VM in or out. */
export function hasTag(tags: Readonly<Record<string, string>>, name: string, value: string): boolean {
  const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();
  return Object.entries(tags).some(([key, text]) => same(key, name) && same(text, value));
}
