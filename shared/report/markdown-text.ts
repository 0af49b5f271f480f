const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Foreign text for one line of Markdown (CommonMark with GitHub's tables and automatic links), so that it
 * arrives as text: no markup, no HTML, no link, no table cell of its own. It must not start a line itself;
 * as the content of a heading, list item or table cell it is safe.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign)
    .replace(/[\\`*_[\]|~@$]/g, String.raw`\$&`)
    .replace(/:(?=\/\/)/g, String.raw`\:`)
    .replace(/\b(www)\./gi, String.raw`$1\.`)
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, String.raw`$1\$2`)
    .replace(/^[-+#=:]|#+$/g, String.raw`\$&`);
}

/** An id as code to copy, where it is made of the characters of ids; as text otherwise. */
export function codeOrText(text: string): string {
  return /^[\w./:()-]+$/.test(text) ? `\`${text}\`` : escapeMarkdown(text);
}

/** A link whose address has been through the URL parser. */
export function link(name: string, href: string): string {
  const safe = href.replaceAll('\\', '%5C').replaceAll('|', '%7C').replaceAll('&', '&amp;');
  return `[${escapeMarkdown(name)}](<${safe}>)`;
}

/** Lines of code, each kept on one line, between fences that are longer than any in them. */
export function codeBlock(lines: readonly string[]): string[] {
  const code = lines.map((line) => line.replace(/[\r\n\t]+/g, ' '));
  const longest = Math.max(2, ...code.map((line) => /^\s*(`{3,})/.exec(line)?.[1]?.length ?? 0));
  const fence = '`'.repeat(longest + 1);
  return [fence, ...code, fence];
}

/** A table of cells that are Markdown already; nothing at all without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}
