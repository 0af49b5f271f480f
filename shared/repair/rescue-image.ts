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

/**
 * A rescue image of another Windows version than the broken VM's: made from the same image, both disks would have
 * the same identity: Windows keeps the attached one offline, and bringing it online writes it a new one, with which it no
 * longer boots (GoogleCloudPlatform/gce-rescue#149). Where the source's image is unknown (a custom one), any may collide: the
 * offline scripts check and stop.
 */
export function chooseRescueImage(sourceImage: string | null): RescueImage {
  return sourceImage?.includes('2019') === true ? SERVER_2022 : SERVER_2019;
}
