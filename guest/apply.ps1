# rdp-medic-script: apply
. (Join-Path $PSScriptRoot 'lib\query.ps1')
. (Join-Path $PSScriptRoot 'lib\allowed.ps1')
