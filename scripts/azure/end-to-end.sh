#!/usr/bin/env bash
# The end-to-end test on real Azure: deploys the service and a Windows VM into groups of their own, switches TLS off in the VM as the
# published article describes the fault, asks the service to repair it, and holds the end against what was wanted. Everything is deleted
# afterwards, whatever happened.
#
#   scripts/azure/end-to-end.sh <subscription id> [region]
#
# Needs: az (signed in, Owner of the subscription), Node 24, npm ci. Costs about one euro. Takes 30 to 60 minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."

subscription="${1:?which subscription?}"
region="${2:-westeurope}"
name="e2e$(date +%m%d%H%M)"
vm_group="rg-rdp-medic-patient-$name"
app_group="rg-rdp-medic-$name"
out=end-to-end
mkdir -p "$out"
az account set --subscription "$subscription"

clean_up() {
  status=$?
  echo "Taking everything away again"
  for group in "$vm_group" "$app_group"; do
    az group delete --name "$group" --yes --no-wait 2>/dev/null || true
  done
  role="$(az role definition list --custom-role-only --query "[?roleName=='RDP Medic Operator ($name)'].name" --output tsv || true)"
  if [ -n "$role" ]; then
    az role assignment list --all --query "[?contains(roleDefinitionId, '$role')].id" --output tsv |
      xargs --no-run-if-empty az role assignment delete --ids || true
    az role definition delete --name "$role" --scope "/subscriptions/$subscription" || true
  fi
  exit "$status"
}
trap clean_up EXIT

echo "A Windows VM whose RDP works"
az group create --name "$vm_group" --location "$region" --output none
az vm create --resource-group "$vm_group" --name patient --image Win2022Datacenter --size Standard_B2ms \
  --admin-username medic --admin-password "$(openssl rand -base64 24)aA1!" --public-ip-sku Standard --nsg-rule NONE \
  --tags rdp-medic=enabled --output none
# The app calls from addresses of Azure.
az network nsg rule create --resource-group "$vm_group" --nsg-name patientNSG --name rdp-from-azure --priority 1000 \
  --source-address-prefixes AzureCloud --destination-port-ranges 3389 --access Allow --protocol Tcp --output none
vm_id="$(az vm show --resource-group "$vm_group" --name patient --query id --output tsv)"

echo "The service"
npm run package -- --policy scripts/azure/end-to-end-policy.json
az deployment sub create --name "$name" --location "$region" --template-file infra/main.bicep \
  --parameters environmentName="$name" location="$region" repairResourceGroups="[\"$(az group show --name "$vm_group" --query id --output tsv)\"]" \
  --query properties.outputs > "$out/outputs.json"
app="$(node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).RDP_MEDIC_APP_NAME.value' "$out/outputs.json")"
url="https://$(az functionapp show --resource-group "$app_group" --name "$app" --query defaultHostName --output tsv)"
az functionapp deployment source config-zip --resource-group "$app_group" --name "$app" --src dist/rdp-medic-[0-9]*.zip --output none
until curl --silent --fail "$url/api/health" > "$out/health.json"; do sleep 10; done
# Role assignments take some minutes to count.
sleep 300
key="$(az functionapp keys list --resource-group "$app_group" --name "$app" --query 'functionKeys.default || masterKey' --output tsv)"

echo "Break it: no TLS for RDP to answer with"
az vm run-command invoke --resource-group "$vm_group" --name patient --command-id RunPowerShellScript --output none --scripts '
  foreach ($version in "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3") {
    $key = "HKLM:\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\$version\Server"
    New-Item -Path $key -Force | Out-Null
    Set-ItemProperty -Path $key -Name Enabled -Value 0 -Type DWord
    Set-ItemProperty -Path $key -Name DisabledByDefault -Value 1 -Type DWord
  }'
az vm restart --ids "$vm_id"

echo "Ask the service to mend it"
answer="$(curl --silent --fail --header "x-functions-key: $key" --header 'content-type: application/json' \
  --data "{\"vmId\":\"$vm_id\",\"mode\":\"online\"}" "$url/api/remediations")"
id="$(node -p 'JSON.parse(process.argv[1]).id' "$answer")"
for _ in $(seq 1 240); do
  curl --silent --fail --header "x-functions-key: $key" "$url/api/remediations/$id" > "$out/record.json"
  if node -e 'process.exit(JSON.parse(require("fs").readFileSync(process.argv[1])).endedAt ? 0 : 1)' "$out/record.json"; then break; fi
  sleep 15
done
curl --silent --fail --header "x-functions-key: $key" "$url/api/remediations/$id/report" > "$out/report.html" || true

node -e '
  const { outcome } = JSON.parse(require("fs").readFileSync(process.argv[1]));
  console.log(outcome);
  process.exit(outcome?.kind === "repaired-online" && outcome.causes.length > 0 ? 0 : 1);
' "$out/record.json"
echo "Left over, beside the way back:"
az resource list --tag rdp-medic-remediation="$id" --query '[].{name:name,type:type}' --output table
