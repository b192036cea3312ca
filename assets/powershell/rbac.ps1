#@REVIEW@
#
# Lets the app of Pexip Infinity read the calendars of the rooms above by RBAC for Applications: a role that is held only
# over the direct members of a mail-enabled security group. Rights that the app was given in Microsoft Entra ID stay beside
# it and are not restricted by this: take Calendars.Read away from it there, or it still reads every mailbox.
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

function Find-Principal {
    foreach ($principal in @(Get-ServicePrincipal -ErrorAction 'Stop')) {
        if ([string] $principal.AppId -eq $data.appId) { return $principal }
    }
    if (-not (Confirm-Change -Target $data.appId -Action 'make its service principal known to Exchange')) { return $null }
    return New-ServicePrincipal -ErrorAction 'Stop' -AppId $data.appId -ObjectId $data.objectId -DisplayName 'OTJ on Pexip Infinity' -Confirm:$false
}

# Exchange keeps a filter in its own writing: with other brackets and blanks.
function Format-Filter {
    param([string] $Text)
    return ($Text -replace '[\s()]', '').ToLowerInvariant()
}

# Whether the scope is there and holds the members of the group, and nobody else.
function Repair-Scope {
    param([object] $Group)
    if ($null -eq $Group) { return $false }
    $filter = "MemberOfGroup -eq '{0}'" -f ([string] $Group.DistinguishedName).Replace("'", "''")
    foreach ($scope in @(Get-ManagementScope -ErrorAction 'Stop')) {
        if ([string] $scope.Name -ne $data.scopeName) { continue }
        if ((Format-Filter -Text ([string] $scope.RecipientFilter)) -eq (Format-Filter -Text $filter)) { return $true }
        Add-Note -Text ('The scope {0} is there already, with another filter: {1}' -f $data.scopeName, $scope.RecipientFilter)
        return $false
    }
    if (-not (Confirm-Change -Target $data.scopeName -Action 'create the management scope')) { return $false }
    [void] (New-ManagementScope -ErrorAction 'Stop' -Name $data.scopeName -RecipientRestrictionFilter $filter -Confirm:$false)
    return $true
}

# Scopes over which the app holds the role.
function Find-Scopes {
    foreach ($row in @(Test-ServicePrincipalAuthorization -ErrorAction 'Stop' -Identity $data.appId)) {
        if ([string] $row.RoleName -eq $data.role) { [string] $row.AllowedResourceScope }
    }
}

function Repair-Role {
    param([object] $Principal, [bool] $Fits)
    if ($null -eq $Principal) { return }
    $scopes = @(Find-Scopes)
    if ($scopes -notcontains $data.scopeName) {
        if (-not $Fits) { return }
        if (-not (Confirm-Change -Target $data.appId -Action ('holds {0} over {1}' -f $data.role, $data.scopeName))) { return }
        $script:fresh = $true
        [void] (New-ManagementRoleAssignment -ErrorAction 'Stop' -App $data.objectId -Role $data.role -CustomResourceScope $data.scopeName -Confirm:$false)
        # Only what is read back counts.
        $scopes = @(Find-Scopes)
    }
    $others = @($scopes | Where-Object { $_ -ne $data.scopeName })
    foreach ($other in $others) { Add-Note -Text ('The app holds {0} over {1} as well.' -f $data.role, $other) }
    $script:restricted = $Fits -and ($scopes -contains $data.scopeName) -and ($others.Count -eq 0)
}

function Test-Access {
    param([string] $Mailbox)
    foreach ($row in @(Test-ServicePrincipalAuthorization -ErrorAction 'Stop' -Identity $data.appId -Resource $Mailbox)) {
        if ([string] $row.RoleName -ne $data.role) { continue }
        if ([string] $row.InScope -eq 'True') { return 'Granted' }
    }
    return 'Denied'
}

try {
    # A result that cannot be written is found out before anything is changed.
    Write-Result -Quiet
    Connect-Exchange -Commands @(
        'Get-Mailbox', 'Get-Recipient', 'Get-DistributionGroup', 'New-DistributionGroup', 'Get-DistributionGroupMember', 'Add-DistributionGroupMember',
        'Get-CalendarProcessing', 'Set-CalendarProcessing',
        'Get-ServicePrincipal', 'New-ServicePrincipal', 'Get-ManagementScope', 'New-ManagementScope',
        'New-ManagementRoleAssignment', 'Test-ServicePrincipalAuthorization'
    )
    $group = Find-Group
    Repair-Rooms -Group $group
    $principal = $null
    # The tests tell of each mailbox what is so now, whatever becomes of the role.
    try {
        $principal = Find-Principal
        $fits = Repair-Scope -Group $group
        Repair-Role -Principal $principal -Fits $fits
    }
    catch { $failure = [string] $_.Exception.Message }
    Add-Note -Text 'What the app was granted in Microsoft Entra ID is not seen here: Calendars.Read must not be among it.'
    foreach ($item in @($items)) {
        if ($item.recipient -ne 'RoomMailbox') { continue }
        if ($null -eq $principal) { continue }
        try { $item.access = Test-Access -Mailbox $item.primary }
        catch { $item.error = [string] $_.Exception.Message }
        Save-Progress
    }
    if ($data.outside -and $null -ne $principal) {
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
