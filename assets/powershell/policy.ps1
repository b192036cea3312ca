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
    [string] $Tenant = '',
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

# Whether the policy is about the group. Another one may be called the same, so its object id decides where both tell theirs.
function Test-Scope {
    param([object] $Policy, [object] $Group)
    if ($null -eq $Group) { return $false }
    $raw = [string] (Read-Property -From $Policy -Name 'ScopeIdentityRaw')
    $id = [string] (Read-Property -From $Group -Name 'ExternalDirectoryObjectId')
    if ($id -and $raw -match '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}') { return $Matches[0] -eq $id }
    $name = [string] (Read-Property -From $Policy -Name 'ScopeIdentity')
    if ($name) { return [string] $Group.Name -eq $name }
    return @([string] $Group.Name, [string] $Group.DisplayName, [string] $Group.PrimarySmtpAddress) -contains [string] $Policy.ScopeName
}

# A policy over another group lets the app read that group's members as well.
function Read-Policies {
    param([object] $Group, [switch] $Quiet)
    $isThere = $false
    $isAlone = $true
    foreach ($policy in @(Find-Policy)) {
        if (Test-Scope -Policy $policy -Group $Group) { $isThere = $true }
        else {
            $isAlone = $false
            if (-not $Quiet) { Add-Note -Text ('Another policy lets this app read the members of {0} as well.' -f $policy.ScopeName) }
        }
    }
    $script:restricted = $isThere -and $isAlone
    return $isThere
}

function Repair-Policy {
    param([object] $Group)
    if (Read-Policies -Group $Group) { return }
    if (-not (Confirm-Change -Target $data.appId -Action ('may read only the members of {0}' -f $data.group))) { return }
    [void] (New-ApplicationAccessPolicy -ErrorAction 'Stop' -AppId $data.appId -PolicyScopeGroupId $data.group -AccessRight 'RestrictAccess' -Description 'OTJ on Pexip Infinity' -Confirm:$false)
    $script:fresh = $true
    # Only what is read back counts.
    if (-not (Read-Policies -Group $Group -Quiet)) { Add-Note -Text 'The policy was made, and Exchange does not show it yet. Run this again in some minutes.' }
}

function Test-Access {
    param([string] $Mailbox)
    $answer = Test-ApplicationAccessPolicy -ErrorAction 'Stop' -Identity $Mailbox -AppId $data.appId
    return [string] (Read-Property -From $answer -Name 'AccessCheckResult')
}

try {
    # A result that cannot be written is found out before anything is changed.
    Write-Result -Quiet
    Connect-Exchange -Commands @(
        'Get-Mailbox', 'Get-Recipient', 'Get-DistributionGroup', 'New-DistributionGroup', 'Get-DistributionGroupMember', 'Add-DistributionGroupMember',
        'Get-CalendarProcessing', 'Set-CalendarProcessing',
        'Get-ApplicationAccessPolicy', 'New-ApplicationAccessPolicy', 'Test-ApplicationAccessPolicy'
    )
    $group = Find-Group
    Repair-Rooms -Group $group
    # The tests tell of each mailbox what is so now, whatever becomes of the policy.
    try { Repair-Policy -Group $group }
    catch { $failure = [string] $_.Exception.Message }
    foreach ($item in @($items)) {
        if ($item.recipient -ne 'RoomMailbox') { continue }
        try { $item.access = Test-Access -Mailbox $item.primary }
        catch { $item.error = [string] $_.Exception.Message }
        Save-Progress
    }
    if ($data.outside) {
        $outside = Test-Access -Mailbox $data.outside
        if ($outside -ne 'Denied') {
            $restricted = $false
            Add-Note -Text ('{0} should be out of reach, and the test says: {1}' -f $data.outside, $outside)
        }
    }
    $complete = $true
}
catch { $failure = [string] $_.Exception.Message }
finally {
    Write-Result
    if (Get-Command -Name 'Disconnect-ExchangeOnline' -ErrorAction 'SilentlyContinue') { Disconnect-ExchangeOnline -Confirm:$false }
}
if ($failure) { throw $failure }
