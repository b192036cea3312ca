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
    [string] $ResultPath = 'otj-access-result.json'
)
#@COMMON@
#@ROOMS@

function Find-Principal {
    foreach ($principal in @(Get-ServicePrincipal)) {
        if ([string] $principal.AppId -eq $data.appId) { return $principal }
    }
    if (-not (Confirm-Change -Target $data.appId -Action 'make its service principal known to Exchange')) { return $null }
    return New-ServicePrincipal -AppId $data.appId -ObjectId $data.objectId -DisplayName 'OTJ on Pexip Infinity' -Confirm:$false
}

function Repair-Scope {
    param([object] $Group)
    if ($null -eq $Group) { return }
    $filter = "MemberOfGroup -eq '{0}'" -f ([string] $Group.DistinguishedName).Replace("'", "''")
    foreach ($scope in @(Get-ManagementScope)) {
        if ([string] $scope.Name -ne $data.scopeName) { continue }
        if ([string] $scope.RecipientFilter -ne $filter) {
            Add-Note -Text ('The scope {0} is there already, with this filter: {1}' -f $data.scopeName, $scope.RecipientFilter)
        }
        return
    }
    if (Confirm-Change -Target $data.scopeName -Action 'create the management scope') {
        [void] (New-ManagementScope -Name $data.scopeName -RecipientRestrictionFilter $filter -Confirm:$false)
    }
}

function Repair-Role {
    param([object] $Principal)
    if ($null -eq $Principal) { return }
    foreach ($row in @(Test-ServicePrincipalAuthorization -Identity $data.appId)) {
        if ([string] $row.RoleName -ne $data.role) { continue }
        if ([string] $row.AllowedResourceScope -eq $data.scopeName) {
            $script:restricted = $true
            return
        }
        Add-Note -Text ('The app holds {0} over {1} as well.' -f $data.role, $row.AllowedResourceScope)
    }
    if (Confirm-Change -Target $data.appId -Action ('holds {0} over {1}' -f $data.role, $data.scopeName)) {
        [void] (New-ManagementRoleAssignment -App $data.objectId -Role $data.role -CustomResourceScope $data.scopeName -Confirm:$false)
        $script:restricted = $true
    }
}

function Test-Access {
    param([string] $Mailbox)
    foreach ($row in @(Test-ServicePrincipalAuthorization -Identity $data.appId -Resource $Mailbox)) {
        if ([string] $row.RoleName -ne $data.role) { continue }
        if ([string] $row.InScope -eq 'True') { return 'Granted' }
    }
    return 'Denied'
}

try {
    Connect-Exchange -Commands @(
        'Get-Mailbox', 'Get-DistributionGroup', 'New-DistributionGroup', 'Get-DistributionGroupMember', 'Add-DistributionGroupMember',
        'Get-CalendarProcessing', 'Set-CalendarProcessing',
        'Get-ServicePrincipal', 'New-ServicePrincipal', 'Get-ManagementScope', 'New-ManagementScope',
        'New-ManagementRoleAssignment', 'Test-ServicePrincipalAuthorization'
    )
    $group = Find-Group
    $members = Find-Members -Group $group
    foreach ($room in @($data.rooms)) { Repair-Room -Room $room -Members $members }
    $principal = Find-Principal
    Repair-Scope -Group $group
    Repair-Role -Principal $principal
    foreach ($item in @($items)) {
        if ($item.recipient -ne 'RoomMailbox') { continue }
        if ($null -eq $principal) { continue }
        try { $item.access = Test-Access -Mailbox $item.primary }
        catch { $item.error = [string] $_.Exception.Message }
    }
    if ($data.outside -and $null -ne $principal) {
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
