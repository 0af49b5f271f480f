# Runs one guest script as Run Command would, on a machine that the stand-in module speaks for.
param([string] $ScriptPath, [string] $ParametersJson)

[Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)
Import-Module $env:RDP_MEDIC_STAND_IN -DisableNameChecking
$ScriptParameters = $ParametersJson | ConvertFrom-Json -AsHashtable
& $ScriptPath @ScriptParameters
# False after an `exit` with another code than 0; $LASTEXITCODE alone may be that of a program it ran.
if (-not $?) { exit $LASTEXITCODE }
