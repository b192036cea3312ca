Set-StrictMode -Version Latest
# Exchange's cmdlets are functions of a module, which do not see this: each of their calls says it again.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# Every value is in here, as JSON in Base64: nothing that a person, a list or a device has written is ever code.
$payload = '@PAYLOAD@'
$data = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($payload)) | ConvertFrom-Json

$cmdlet = $PSCmdlet
$items = New-Object System.Collections.ArrayList
$notes = New-Object System.Collections.ArrayList
$failure = ''
# Whether the app is kept to the group: an app without any policy may read every mailbox.
$restricted = $false
$saved = [DateTime]::UtcNow

function Confirm-Change {
    param([string] $Target, [string] $Action)
    if (-not $Apply) {
        Write-Host ('WOULD   {0}: {1}' -f $Target, $Action)
        return $false
    }
    if (-not $cmdlet.ShouldProcess($Target, $Action)) { return $false }
    Write-Host ('CHANGE  {0}: {1}' -f $Target, $Action)
    return $true
}

function Add-Note {
    param([string] $Text)
    Write-Host ('NOTE    {0}' -f $Text)
    [void] $notes.Add($Text)
}

# Not every version of the module gives every property, and strict mode forgives none.
function Read-Property {
    param([object] $From, [string] $Name)
    $property = $From.PSObject.Properties[$Name]
    if ($null -eq $property) { return $null }
    return $property.Value
}

function Connect-Exchange {
    param([string[]] $Commands)
    $module = @(Get-Module -ListAvailable -Name 'ExchangeOnlineManagement')
    if ($module.Count -eq 0) {
        throw 'The module ExchangeOnlineManagement is missing. Install-Module ExchangeOnlineManagement -Scope CurrentUser'
    }
    Import-Module -Name 'ExchangeOnlineManagement'
    $options = @{ ShowBanner = $false; SkipLoadingFormatData = $true; CommandName = $Commands }
    if ($UserPrincipalName) { $options.UserPrincipalName = $UserPrincipalName }
    if ($Device) { $options.Device = $true }
    # The account broker of Windows needs a window to stand before, which a program that runs this has none of.
    if ($Browser -and (Get-Command -Name 'Connect-ExchangeOnline').Parameters.ContainsKey('DisableWAM')) { $options.DisableWAM = $true }
    if ($data.environment) { $options.ExchangeEnvironmentName = $data.environment }
    Connect-ExchangeOnline -ErrorAction 'Stop' @options
}

function Write-File {
    param([string] $Failure)
    $result = [ordered] @{
        format     = 'otj-access-result'
        version    = 1
        script     = $data.script
        kind       = $data.kind
        applied    = [bool] ($Apply -and -not $WhatIfPreference)
        at         = [DateTime]::UtcNow.ToString('o')
        restricted = $restricted
        failure    = $Failure
        notes      = @($notes)
        items      = @($items)
    }
    $path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($ResultPath)
    $json = ConvertTo-Json -InputObject $result -Depth 8
    # Put in its place when it is whole: whoever ends this by force leaves no half of one.
    [IO.File]::WriteAllText(($path + '.part'), $json, (New-Object Text.UTF8Encoding($false)))
    [IO.File]::Delete($path)
    [IO.File]::Move(($path + '.part'), $path)
    return $path
}

# What was done so far, at most every five seconds, should this be ended by force.
function Save-Progress {
    if (([DateTime]::UtcNow - $script:saved).TotalSeconds -lt 5) { return }
    [void] (Write-File -Failure 'It was ended before it was through.')
    $script:saved = [DateTime]::UtcNow
}

function Write-Result {
    $path = Write-File -Failure $failure
    Write-Host ('Result written to {0}' -f $path)
}
