/** The section of a changelog on a version, without its heading; `undefined` where there is none (keepachangelog.com). */
export function notesOf(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1);
  const found = sections.find(
    (section) => section.startsWith(`[${version}]`) || section.startsWith(`${version} `),
  );
  return found?.split('\n').slice(1).join('\n').trim();
}
