function Find-Group {
    $found = @(Get-DistributionGroup -ErrorAction 'Stop' -Filter ("PrimarySmtpAddress -eq '{0}'" -f $data.group.Replace("'", "''")))
    if ($found.Count -eq 0) {
        if (-not $CreateGroup) {
            throw ('There is no group {0}. Run this with -CreateGroup, or create a mail-enabled security group first.' -f $data.group)
        }
        if (-not (Confirm-Change -Target $data.group -Action 'create the mail-enabled security group')) { return $null }
        $alias = $data.group.Split('@')[0]
        return New-DistributionGroup -ErrorAction 'Stop' -Name $alias -Alias $alias -Type 'Security' -PrimarySmtpAddress $data.group -MemberJoinRestriction 'Closed' -Confirm:$false
    }
    $kind = [string] $found[0].RecipientTypeDetails
    if ($kind -ne 'MailUniversalSecurityGroup') {
        throw ('{0} is no mail-enabled security group but {1}.' -f $data.group, $kind)
    }
    return $found[0]
}

function Find-Members {
    param([object] $Group)
    $members = @{}
    if ($null -eq $Group) { return $members }
    foreach ($member in @(Get-DistributionGroupMember -ErrorAction 'Stop' -Identity $data.group -ResultSize 'Unlimited')) {
        $members[[string] $member.PrimarySmtpAddress] = $true
    }
    return $members
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

# One room after the other: what is wrong with one leaves the others alone.
function Repair-Room {
    param([object] $Room, [hashtable] $Members)
    $item = [ordered] @{
        mailbox = $Room.mailbox; primary = ''; recipient = ''; member = 'no'; access = ''; processing = @(); error = ''
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
        if ($Members.ContainsKey($item.primary)) { $item.member = 'already' }
        elseif (Confirm-Change -Target $item.primary -Action ('join {0}' -f $data.group)) {
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
