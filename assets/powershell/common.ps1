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
# Whether the app is kept to the group alone: an app without any policy may read every mailbox.
$restricted = $false
# Whether that was brought about just now: Exchange takes its time until all of it knows.
$fresh = $false
# Members of the group that are no room of this script.
$strangers = New-Object System.Collections.ArrayList
# Only a script that has looked at everything says so: one that was cut short leaves a result as well.
$complete = $false
$saved = [DateTime]::UtcNow
# Id of the tenant that was signed in to; empty = it is not known.
$signedInto = ''
# Of a removal: policies of the old app that were there, and those of them that were removed.
$policies = $null

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
    try { Import-Module -Name 'ExchangeOnlineManagement' }
    catch {
        # Newer modules want a newer PowerShell, and their own words do not say which.
        $newest = ($module | Sort-Object -Property 'Version' -Descending)[0].Version
        throw ('ExchangeOnlineManagement {0} does not load in PowerShell {1}. {2}' -f $newest, $PSVersionTable.PSVersion, $_.Exception.Message)
    }
    $options = @{ ShowBanner = $false; SkipLoadingFormatData = $true; CommandName = $Commands }
    if ($UserPrincipalName) { $options.UserPrincipalName = $UserPrincipalName }
    if ($Device) { $options.Device = $true }
    # The account broker of Windows needs a window to stand before, which a program that runs this has none of.
    if ($Browser -and (Get-Command -Name 'Connect-ExchangeOnline').Parameters.ContainsKey('DisableWAM')) { $options.DisableWAM = $true }
    if ($data.environment) { $options.ExchangeEnvironmentName = $data.environment }
    Connect-ExchangeOnline -ErrorAction 'Stop' @options
    $script:signedInto = Read-Tenant
    if (-not $Tenant) { return }
    if (-not $signedInto) {
        if ($Apply) { throw 'Which tenant was signed in to could not be read, and this is for one only. Nothing was changed.' }
        Add-Note -Text 'Which tenant was signed in to could not be read.'
    }
    elseif ($signedInto -ne $Tenant) {
        throw ('The sign-in has led to the tenant {0}, and this is for {1}. Nothing was changed.' -f $signedInto, $Tenant)
    }
}

# Empty where the module does not tell, and where this window is signed in to more than one.
function Read-Tenant {
    $ids = @()
    try {
        $ids = @(Get-ConnectionInformation -ErrorAction 'Stop' | ForEach-Object { [string] (Read-Property -From $_ -Name 'TenantID') } | Where-Object { $_ } | Sort-Object -Unique)
    }
    catch { Write-Verbose -Message ([string] $_.Exception.Message) }
    if ($ids.Count -ne 1) { return '' }
    return $ids[0].ToLowerInvariant()
}

# Written before anything is changed, now and then, and at the end: a window that is closed leaves what was done until then.
function Write-Result {
    param([switch] $Quiet)
    $result = [ordered] @{
        format     = 'otj-access-result'
        version    = 2
        script     = $data.script
        kind       = $data.kind
        tenant     = $signedInto
        applied    = [bool] ($Apply -and -not $WhatIfPreference)
        at         = [DateTime]::UtcNow.ToString('o')
        complete   = $complete
        restricted = $restricted
        fresh      = $fresh
        strangers  = @($strangers)
        policies   = $policies
        failure    = $failure
        notes      = @($notes)
        items      = @($items)
    }
    $path = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($ResultPath)
    $json = ConvertTo-Json -InputObject $result -Depth 8
    # Never half a file: one that stands there is whole.
    $part = '{0}.part' -f $path
    [IO.File]::WriteAllText($part, $json, (New-Object Text.UTF8Encoding($false)))
    if ([IO.File]::Exists($path)) { [IO.File]::Replace($part, $path, [NullString]::Value) }
    else { [IO.File]::Move($part, $path) }
    if (-not $Quiet) { Write-Host ('Result written to {0}' -f $path) }
}

# What was done so far, at most every five seconds, should this be ended by force.
function Save-Progress {
    if (([DateTime]::UtcNow - $script:saved).TotalSeconds -lt 5) { return }
    Write-Result -Quiet
    $script:saved = [DateTime]::UtcNow
}
