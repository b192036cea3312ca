# Whatever has the group's address.
function Find-Address {
    Get-Recipient -ErrorAction 'Stop' -Filter ("EmailAddresses -eq 'smtp:{0}'" -f $data.group.Replace("'", "''"))
}

# Other kinds of groups are no use, and have to be told by name: one cannot be made beside them with the same address.
function Find-Group {
    $found = @(Find-Address)
    if ($found.Count -eq 0) {
        if (-not $CreateGroup) {
            throw ('There is no group {0}. Run this with -CreateGroup, or create a mail-enabled security group first.' -f $data.group)
        }
        if (-not (Confirm-Change -Target $data.group -Action 'create the mail-enabled security group')) { return $null }
        $alias = $data.group.Split('@')[0]
        [void] (New-DistributionGroup -ErrorAction 'Stop' -Name $alias -Alias $alias -Type 'Security' -PrimarySmtpAddress $data.group -MemberJoinRestriction 'Closed' -Confirm:$false)
        return Wait-Group
    }
    $kind = [string] $found[0].RecipientTypeDetails
    if ($kind -ne 'MailUniversalSecurityGroup') {
        $what = $kind
        if ($kind -eq 'GroupMailbox') { $what = 'a Microsoft 365 group' }
        throw ('{0} is no mail-enabled security group but {1}. Choose another address for the group.' -f $data.group, $what)
    }
    return Get-DistributionGroup -ErrorAction 'Stop' -Identity ([string] $found[0].DistinguishedName)
}

# What was just made is not known everywhere at once.
function Wait-Group {
    for ($turn = 1; $turn -le 12; $turn++) {
        $made = @(Find-Address)
        if ($made.Count -gt 0) { return Get-DistributionGroup -ErrorAction 'Stop' -Identity ([string] $made[0].DistinguishedName) }
        Start-Sleep -Seconds 5
    }
    throw ('The group {0} was created, and Exchange does not know it yet. Run this again in some minutes.' -f $data.group)
}

# Addresses by how they belong to the group: directly, or by a group that is a member.
function Find-Members {
    param([object] $Group)
    $members = @{}
    if ($null -ne $Group) { Read-Members -Identity ([string] $Group.DistinguishedName) -How 'direct' -Into $members -Seen @{} }
    return $members
}

function Read-Members {
    param([string] $Identity, [string] $How, [hashtable] $Into, [hashtable] $Seen)
    if ($Seen.ContainsKey($Identity)) { return }
    $Seen[$Identity] = $true
    foreach ($member in @(Get-DistributionGroupMember -ErrorAction 'Stop' -Identity $Identity -ResultSize 'Unlimited')) {
        $kind = [string] (Read-Property -From $member -Name 'RecipientTypeDetails')
        if (@('MailUniversalSecurityGroup', 'MailUniversalDistributionGroup', 'MailNonUniversalGroup') -contains $kind) {
            Read-Members -Identity ([string] $member.DistinguishedName) -How 'nested' -Into $Into -Seen $Seen
            continue
        }
        $address = [string] (Read-Property -From $member -Name 'PrimarySmtpAddress')
        if (-not $address) { $address = [string] (Read-Property -From $member -Name 'Name') }
        if ($Into[$address] -ne 'direct') { $Into[$address] = $How }
    }
}

# The app may read these as well.
function Find-Strangers {
    param([hashtable] $Members)
    $known = @{}
    foreach ($item in @($items)) {
        $known[$item.mailbox] = $true
        $known[$item.primary] = $true
    }
    foreach ($address in @($Members.Keys | Sort-Object)) {
        if (-not $known.ContainsKey($address)) { [void] $strangers.Add($address) }
    }
    if ($strangers.Count -gt 0) { Add-Note -Text ('Members of {0} that are no room of this script: {1}' -f $data.group, $strangers.Count) }
}

function Repair-Processing {
    param([string] $Mailbox)
    $settings = New-Object System.Collections.ArrayList
    $now = Get-CalendarProcessing -ErrorAction 'Stop' -Identity $Mailbox
    $change = @{ Identity = $Mailbox; Confirm = $false; ErrorAction = 'Stop' }
    foreach ($wish in @($data.processing)) {
        $before = [string] (Read-Property -From $now -Name $wish.name)
        if ($before -eq [string] $wish.value) { continue }
        $change[$wish.name] = $wish.value
        [void] $settings.Add([ordered] @{ name = $wish.name; before = $before; after = $before; wish = [string] $wish.value })
    }
    if ($settings.Count -eq 0) { return @() }
    $names = @($settings | ForEach-Object { $_.name }) -join ', '
    if (Confirm-Change -Target $Mailbox -Action ('calendar processing: {0}' -f $names)) {
        Set-CalendarProcessing @change
        $read = Get-CalendarProcessing -ErrorAction 'Stop' -Identity $Mailbox
        foreach ($setting in $settings) { $setting.after = [string] (Read-Property -From $read -Name $setting.name) }
    }
    return @($settings)
}

# All rooms, one after the other: what is wrong with one leaves the others alone.
function Repair-Rooms {
    param([object] $Group)
    $members = Find-Members -Group $Group
    # Its members are then changed in the company's own directory, and nowhere else.
    $isSynced = $null -ne $Group -and [string] (Read-Property -From $Group -Name 'IsDirSynced') -eq 'True'
    foreach ($room in @($data.rooms)) {
        Repair-Room -Room $room -Members $members -IsSynced $isSynced
        Save-Progress
    }
    $left = @($items | Where-Object { $_.recipient -eq 'RoomMailbox' -and $_.member -eq 'no' -and $_.error -eq '' }).Count
    if ($isSynced -and $left -gt 0) {
        Add-Note -Text ('{0} is synchronised from your own directory: add {1} rooms to it there, then run this again.' -f $data.group, $left)
    }
    Find-Strangers -Members $members
}

function Repair-Room {
    param([object] $Room, [hashtable] $Members, [bool] $IsSynced)
    # No settings at all: they were not read. An empty list: they were, and all are as they should be.
    $item = [ordered] @{
        mailbox = $Room.mailbox; primary = ''; recipient = ''; member = 'no'; access = ''; processing = $null; error = ''
    }
    [void] $items.Add($item)
    try {
        $mailbox = Get-Mailbox -ErrorAction 'Stop' -Identity $Room.mailbox
        $item.primary = [string] $mailbox.PrimarySmtpAddress
        $item.recipient = [string] $mailbox.RecipientTypeDetails
        if ($item.recipient -ne 'RoomMailbox') {
            Write-Host ('LEFT    {0}: it is no room mailbox but {1}' -f $Room.mailbox, $item.recipient)
            return
        }
        $how = [string] $Members[$item.primary]
        if ($how -eq 'direct') { $item.member = 'already' }
        # A policy looks into nested groups, and a role over the members of a group does not.
        elseif ($how -eq 'nested' -and $data.kind -eq 'policy') { $item.member = 'nested' }
        elseif (-not $IsSynced -and (Confirm-Change -Target $item.primary -Action ('join {0}' -f $data.group))) {
            Add-DistributionGroupMember -ErrorAction 'Stop' -Identity $data.group -Member $item.primary -BypassSecurityGroupManagerCheck -Confirm:$false
            $item.member = 'added'
        }
        $item.processing = @(Repair-Processing -Mailbox $item.primary)
    }
    catch {
        $item.error = [string] $_.Exception.Message
        Write-Host ('FAILED  {0}: {1}' -f $Room.mailbox, $item.error)
    }
}
