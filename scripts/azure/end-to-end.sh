#!/usr/bin/env bash
# The end-to-end test on real Azure: deploys the service with its fleet watch and a Windows VM into groups of their own, switches TLS off in
# the VM as the published article describes the fault, and waits until the service has noticed and repaired it by itself. Everything is deleted
# afterwards, whatever happened.
#
#   scripts/azure/end-to-end.sh <subscription id> [region]
#   scripts/azure/end-to-end.sh --clean-up <subscription id> [region]    deletes what an interrupted run left
#
# Needs: az (signed in, Owner of the subscription), Node 22 or later, npm ci. Costs about one euro. Takes 30 to 60 minutes.
# The fault: learn.microsoft.com, Troubleshoot "An internal error has occurred" when you connect to an Azure VM by Remote Desktop.
set -euo pipefail
cd "$(dirname "$0")/../.."

only_clean_up=no
if [ "${1:-}" = --clean-up ]; then
  only_clean_up=yes
  shift
fi
subscription="${1:?Usage: scripts/azure/end-to-end.sh [--clean-up] <subscription id> [region]}"
region="${2:-westeurope}"
out=end-to-end
mkdir -p "$out"
if [ "$only_clean_up" = yes ]; then
  [ -s "$out/name" ] || { echo "Nothing is left of an earlier run"; exit 0; }
else
  echo "e2e$(date +%m%d%H%M)" > "$out/name"
fi
name="$(cat "$out/name")"
vm_group="rg-rdp-medic-patient-$name"
app_group="rg-rdp-medic-$name"
az account set --subscription "$subscription"

# Prints a value of a JSON file: json <file> <expression over its content, `it`>
json() { node -p "((it) => $2)(JSON.parse(require('node:fs').readFileSync('$1', 'utf8')))"; }

clean_up() {
  status=$?
  trap - EXIT
  echo "Deleting everything again"
  role="$(az role definition list --custom-role-only --query "[?roleName=='RDP Medic Operator ($name)'].name" --output tsv || true)"
  if [ -n "$role" ]; then
    az role assignment list --all --query "[?contains(roleDefinitionId, '$role')].id" --output tsv |
      xargs --no-run-if-empty az role assignment delete --ids || true
    az role definition delete --name "$role" --scope "/subscriptions/$subscription" || true
  fi
  az group delete --name "$vm_group" --yes --no-wait || true
  az group delete --name "$app_group" --yes || true
  # A deleted vault keeps its name for seven days, and can be had back.
  if [ -s "$out/outputs.json" ]; then
    az keyvault purge --name "$(json "$out/outputs.json" 'it.RDP_MEDIC_VAULT.value')" --location "$region" || true
  fi
  az deployment sub delete --name "$name" --no-wait || true
  # Only once Azure says so: whoever could not ask has left something.
  if az group exists --name "$app_group" | grep --quiet false; then rm -f "$out/name"; fi
  exit "$status"
}
if [ "$only_clean_up" = yes ]; then clean_up; fi
trap clean_up EXIT

echo "A Windows VM whose RDP works, and which has opted in"
az group create --name "$vm_group" --location "$region" --output none
az vm create --resource-group "$vm_group" --name patient --image Win2022Datacenter --size Standard_B2ms \
  --admin-username medic --admin-password "$(openssl rand -base64 24)aA1!" --public-ip-sku Standard --nsg-rule NONE \
  --tags rdp-medic=enabled --output none
# The app calls from addresses of Azure.
az network nsg rule create --resource-group "$vm_group" --nsg-name patientNSG --name rdp-from-azure --priority 1000 \
  --source-address-prefixes AzureCloud --destination-port-ranges 3389 --access Allow --protocol Tcp --output none
vm_id="$(az vm show --resource-group "$vm_group" --name patient --query id --output tsv)"
group_id="$(az group show --name "$vm_group" --query id --output tsv)"

echo "The service: it checks RDP every five minutes, and alerts may repair online"
node scripts/end-to-end-policy.ts "$subscription" "$vm_group" > "$out/policy.json"
npm run package -- --policy "$out/policy.json"
az deployment sub create --name "$name" --location "$region" --template-file infra/main.bicep \
  --parameters environmentName="$name" location="$region" fleetWatchMinutes=5 repairResourceGroups="[\"$group_id\"]" \
  --query properties.outputs > "$out/outputs.json"
app="$(json "$out/outputs.json" 'it.RDP_MEDIC_APP_NAME.value')"
url="$(json "$out/outputs.json" 'it.RDP_MEDIC_URL.value')"
zip=(dist/rdp-medic-[0-9]*.zip)
az functionapp deployment source config-zip --resource-group "$app_group" --name "$app" --src "${zip[0]}" --output none

# Prints what the service answers: ask <path>
ask() { curl --silent --show-error --fail --max-time 60 --header "x-functions-key: ${key:-}" "$url$1"; }

echo "Waiting for the app to answer"
for _ in $(seq 1 60); do
  if ask /api/health > "$out/health.json"; then break; fi
  sleep 10
done
json "$out/health.json" "it.status"
key="$(az functionapp keys list --resource-group "$app_group" --name "$app" --query 'functionKeys.default || masterKey' --output tsv)"

echo "Breaking the VM: no version of TLS is left that RDP could answer with"
# shellcheck disable=SC2016  # PowerShell expands it, in the VM.
az vm run-command invoke --resource-group "$vm_group" --name patient --command-id RunPowerShellScript --output none --scripts '
  foreach ($version in "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3") {
    $key = "HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\$version\Server"
    New-Item -Path $key -Force | Out-Null
    Set-ItemProperty -Path $key -Name Enabled -Value 0 -Type DWord
    Set-ItemProperty -Path $key -Name DisabledByDefault -Value 1 -Type DWord
  }'
az vm restart --ids "$vm_id"

echo "Waiting for the service to notice and to repair it: nobody asks for it"
ended=''
for _ in $(seq 1 180); do
  ask "/api/remediations" > "$out/list.json" || true
  ended="$(json "$out/list.json" 'it.remediations.find(({ endedAt, outcome }) => endedAt && outcome !== "healthy")?.id ?? ""' || true)"
  if [ -n "$ended" ]; then break; fi
  sleep 15
done
[ -n "$ended" ] || { echo "No remediation ended within 45 minutes"; exit 1; }
ask "/api/remediations/$ended" > "$out/record.json"
ask "/api/remediations/$ended/report" > "$out/report.html" || true

echo "Left over, beside the copies that are kept for rollback:"
az resource list --tag rdp-medic-remediation="$ended" --query '[].{name:name,type:type}' --output table
outcome="$(json "$out/record.json" 'it.outcome.kind')"
echo "$ended: $outcome"
[ "$outcome" = repaired-online ]
