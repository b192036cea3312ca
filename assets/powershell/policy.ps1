#@REVIEW@
#
# Lets the app of Pexip Infinity read the calendars of the rooms above, and of no other mailbox: members of a mail-enabled
# security group, and an application access policy that keeps the app to that group.
# Without -Apply nothing is changed: it only tells what it would do. It can be run as often as you like.
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [switch] $Apply,
    [switch] $CreateGroup,
    [string] $UserPrincipalName = '',
    [switch] $Device,
    [switch] $Browser,
    [string] $ResultPath = 'otj-access-result.json'
)
#@COMMON@
#@ROOMS@

function Find-Policy {
    # An unknown identity would give the policies of all apps, so they are all read and sifted here.
    foreach ($policy in @(Get-ApplicationAccessPolicy -ErrorAction 'Stop')) {
        if ([string] (Read-Property -From $policy -Name 'AppId') -ne $data.appId) { continue }
        if ([string] $policy.AccessRight -eq 'DenyAccess') {
            Add-Note -Text ('A policy denies this app the members of {0}; it goes before all others.' -f $policy.ScopeName)
            continue
        }
        $policy
    }
}

function Repair-Policy {
    param([object] $Group)
    $names = @()
    if ($null -ne $Group) { $names = @([string] $Group.Name, [string] $Group.DisplayName, [string] $Group.PrimarySmtpAddress) }
    $isThere = $false
    foreach ($policy in @(Find-Policy)) {
        if ($names -contains [string] $policy.ScopeName) { $isThere = $true }
        else { Add-Note -Text ('Another policy lets this app read the members of {0} as well.' -f $policy.ScopeName) }
    }
    if ($isThere) {
        $script:restricted = $true
        return
    }
    if (-not (Confirm-Change -Target $data.appId -Action ('may read only the members of {0}' -f $data.group))) { return }
    [void] (New-ApplicationAccessPolicy -ErrorAction 'Stop' -AppId $data.appId -PolicyScopeGroupId $data.group -AccessRight 'RestrictAccess' -Description 'OTJ on Pexip Infinity' -Confirm:$false)
    # Only what is read back counts.
    foreach ($policy in @(Find-Policy)) {
        if ($names -contains [string] $policy.ScopeName) { $script:restricted = $true }
    }
}

function Test-Access {
    param([string] $Mailbox)
    $answer = Test-ApplicationAccessPolicy -ErrorAction 'Stop' -Identity $Mailbox -AppId $data.appId
    return [string] (Read-Property -From $answer -Name 'AccessCheckResult')
}

try {
    Connect-Exchange -Commands @(
        'Get-Mailbox', 'Get-DistributionGroup', 'New-DistributionGroup', 'Get-DistributionGroupMember', 'Add-DistributionGroupMember',
        'Get-CalendarProcessing', 'Set-CalendarProcessing',
        'Get-ApplicationAccessPolicy', 'New-ApplicationAccessPolicy', 'Test-ApplicationAccessPolicy'
    )
    $group = Find-Group
    $members = Find-Members -Group $group
    foreach ($room in @($data.rooms)) {
        Repair-Room -Room $room -Members $members
        Save-Progress
    }
    Repair-Policy -Group $group
    foreach ($item in @($items)) {
        if ($item.recipient -ne 'RoomMailbox') { continue }
        try { $item.access = Test-Access -Mailbox $item.primary }
        catch { $item.error = [string] $_.Exception.Message }
    }
    if ($data.outside) {
        $outside = Test-Access -Mailbox $data.outside
        if ($outside -ne 'Denied') { Add-Note -Text ('{0} should be out of reach, and the test says: {1}' -f $data.outside, $outside) }
    }
}
catch { $failure = [string] $_.Exception.Message }
finally {
    Write-Result
    if (Get-Command -Name 'Disconnect-ExchangeOnline' -ErrorAction 'SilentlyContinue') { Disconnect-ExchangeOnline -Confirm:$false }
}
if ($failure) { throw $failure }
