/** A kind of VM or of subscription that `az vm repair` was reported to fail on. */
interface FailedKind {
  kind: string;
  happened: string;
  /** Markdown link to the report. */
  source: string;
  since: string;
}

const link = (repository: string, number: number): string =>
  `[${repository.split('/')[1] ?? ''}#${String(number)}](https://github.com/${repository}/issues/${String(number)})`;

const EXTENSIONS = 'Azure/azure-cli-extensions';
const ARTICLES = 'MicrosoftDocs/SupportArticles-docs';

export const FAILED_KINDS: readonly FailedKind[] = [
  {
    kind: 'Generation 2',
    happened: 'the copy was of generation 1, and could not be swapped in once it had been repaired',
    source: `${link(ARTICLES, 214)}, ${link(ARTICLES, 338)}`,
    since: 'fixed (0.3.9)',
  },
  {
    kind: 'NVMe disk controller',
    happened:
      'scripts that know a disk by its SCSI model end well without having repaired it, on a repair VM that took NVMe over',
    source: link(EXTENSIONS, 10305),
    since: 'SCSI where the size has both; where it has NVMe alone, a warning',
  },
  {
    kind: 'Arm64',
    happened: 'a size of Arm64 was taken for an x64 image: the deployment failed',
    source: link(EXTENSIONS, 5826),
    since: 'fixed for Linux',
  },
  {
    kind: 'Zonal',
    happened: 'a defect with availability zones, not told in more words',
    source: link(EXTENSIONS, 2659),
    since: 'fixed by it',
  },
  {
    kind: 'Disk encryption, dual pass',
    happened: 'refused',
    source: link(EXTENSIONS, 1798),
    since: 'not known',
  },
  {
    kind: 'Disk encryption, and the swap',
    happened: '`OSDiskSwapNotSupportedForVMsUsingDiskEncryption` where the VM has it enabled',
    source: link('MicrosoftDocs/azure-docs', 56181),
    since: "Azure's own refusal",
  },
  {
    kind: 'Policy forbids public addresses',
    happened: 'the repair VM was denied',
    source: link(EXTENSIONS, 2207),
    since: 'asks whether one is wanted (0.3.8)',
  },
  {
    kind: 'Policy forbids new groups or networks',
    happened: 'the repair VM was denied',
    source: link(ARTICLES, 766),
    since: 'an existing group may be given (0.4.10); the network is a new one',
  },
  {
    kind: 'Repair group that is in use',
    happened: 'a group given by name was deleted with all in it when `create` failed',
    source: link('Azure/azure-cli', 25001),
    since: 'asks before it deletes one that was there',
  },
  {
    kind: 'Many VMs, nobody at the keyboard',
    happened: '`restore` asks before it cleans up; without a terminal all of it stays',
    source: link(EXTENSIONS, 10287),
    since: '`--yes` deletes, `--no-cleanup` keeps',
  },
];
