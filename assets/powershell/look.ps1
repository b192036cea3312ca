$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$found = @(Get-Module -ListAvailable -Name 'ExchangeOnlineManagement' | ForEach-Object { $_.Version.ToString() })
$told = ConvertTo-Json -Compress -InputObject @{ powershell = $PSVersionTable.PSVersion.ToString(); modules = $found }
[Console]::Out.WriteLine('otj-powershell ' + $told)
