/** A platform image of the rescue VM. */
export interface RescueImage {
  publisher: string;
  offer: string;
  sku: string;
}

const SERVER_2022: RescueImage = {
  publisher: 'MicrosoftWindowsServer',
  offer: 'WindowsServer',
  sku: '2022-datacenter-smalldisk-g2',
};
const SERVER_2019: RescueImage = {
  publisher: 'MicrosoftWindowsServer',
  offer: 'WindowsServer',
  sku: '2019-datacenter-smalldisk-g2',
};

/** As the instance view has it (learn.microsoft.com, windows-server/get-started/windows-server-release-info). */
const BUILD_OF_2019 = '10.0.17763';

/**
 * A rescue image of another Windows version than the broken VM's: made from the same image, both disks would have
 * the same identity: Windows keeps the attached one offline, and bringing it online writes it a new one, with which it no
 * longer boots (GoogleCloudPlatform/gce-rescue#149). An image of a gallery does not say what it was made from: there the version counts that
 * the agent has reported. Where that is unknown too, any may collide: the offline scripts check and stop.
 */
export function chooseRescueImage(sourceImage: string | null, osVersion: string | null): RescueImage {
  const is2019 = sourceImage?.includes('2019') === true || osVersion?.startsWith(BUILD_OF_2019) === true;
  return is2019 ? SERVER_2022 : SERVER_2019;
}
