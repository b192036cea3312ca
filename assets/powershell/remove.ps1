#@REVIEW@
#
# Removes the application access policies of the old app of Pexip Service. Run it last, when every room has moved.
# An app without any policy may read EVERY mailbox that its consent in Microsoft Entra ID covers. So first delete the old
# enterprise application there, or take its consent away; then run this with -ConsentRemoved.
# Without -Apply nothing is changed: it only tells what it would do. It can be run as often as you like.
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [switch] $Apply,
    [switch] $ConsentRemoved,
    [string] $UserPrincipalName = '',
    [switch] $Device,
    [switch] $Browser,
    [string] $Tenant = '',
    [string] $ResultPath = 'otj-access-result.json'
)
#@COMMON@

try {
    if ($Apply -and -not $ConsentRemoved) {
        throw 'Take the consent of the old app away in Microsoft Entra ID first; then say so with -ConsentRemoved.'
    }
    # A result that cannot be written is found out before anything is changed.
    Write-Result -Quiet
    Connect-Exchange -Commands @('Get-ApplicationAccessPolicy', 'Remove-ApplicationAccessPolicy')
    # An unknown identity would give the policies of all apps, so they are all read and sifted here.
    $old = @(Get-ApplicationAccessPolicy -ErrorAction 'Stop' | Where-Object { [string] (Read-Property -From $_ -Name 'AppId') -eq $data.oldAppId })
    $policies = [ordered] @{ found = $old.Count; removed = 0 }
    if ($old.Count -eq 0) { Write-Host ('NOTE    There is no policy of the app {0} in this tenant.' -f $data.oldAppId) }
    foreach ($policy in $old) {
        if (Confirm-Change -Target ([string] $policy.ScopeName) -Action 'remove the policy of the old app') {
            Remove-ApplicationAccessPolicy -ErrorAction 'Stop' -Identity $policy.Identity -Confirm:$false
            $policies.removed += 1
            Add-Note -Text ('Removed the policy of the old app over {0}.' -f $policy.ScopeName)
        }
    }
    if ($Apply -and -not $WhatIfPreference) {
        # Only what is read back counts.
        foreach ($policy in @(Get-ApplicationAccessPolicy -ErrorAction 'Stop')) {
            if ([string] (Read-Property -From $policy -Name 'AppId') -ne $data.oldAppId) { continue }
            throw ('The policy of the old app over {0} is still there.' -f $policy.ScopeName)
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
