/** Where the app is reached, without a slash at the end: App Service sets the name of its host. */
export function baseAddressOf(settings: Readonly<Record<string, string | undefined>>): string {
  return `https://${settings['WEBSITE_HOSTNAME'] ?? 'localhost'}`;
}
