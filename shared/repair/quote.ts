/** Words that no shell reads more into. */
const PLAIN = /^[\w./:@%+=-]+$/;
/** No shell quotes a line break or another control character in a way that survives being copied. */
const UNQUOTABLE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** Whether texts can stand in a command line at all; what begins with a dash would be read as an option. */
export function quotable(...texts: readonly string[]): boolean {
  return texts.every((text) => text !== '' && !text.startsWith('-') && !UNQUOTABLE.test(text));
}

/** A word for the Azure CLI, in a POSIX shell and, where it holds no apostrophe, in PowerShell too. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A string literal of PowerShell, which takes typographic apostrophes for apostrophes (about_Quoting_Rules). */
export function powershellText(text: string): string {
  return `'${text.replaceAll(/['\u2018\u2019\u201A\u201B]/g, '$&$&')}'`;
}
