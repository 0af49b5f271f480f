/** More than a service has scripts. */
const MOST = 20;
const texts = new Set<string>();

/**
 * The same text for every equal one: a storm sends one script of a hundred kilobytes to each of a thousand VMs, and each run command and
 * the result of each operation keep it.
 */
export function sharedText(text: string): string {
  for (const known of texts) if (known === text) return known;
  if (texts.size >= MOST) texts.clear();
  texts.add(text);
  return text;
}
