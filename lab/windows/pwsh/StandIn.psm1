# Stands in for Windows' commands: functions of the same names win over cmdlets and programs. Each sends what it
# was asked to the command server of one simulated machine and gives back what that says, in PowerShell's types.
Set-StrictMode -Version Latest

foreach ($file in @(Get-ChildItem -LiteralPath (Join-Path $PSScriptRoot 'stand-in') -Filter '*.ps1')) { . $file.FullName }

Export-ModuleMember -Function *
