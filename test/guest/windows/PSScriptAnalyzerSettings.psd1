@{
    IncludeDefaultRules = $true
    ExcludeRules        = @(
        # Nothing prompts under Run Command: detecting first and reading back after stand in for -WhatIf and -Confirm.
        'PSUseShouldProcessForStateChangingFunctions'
        # Parameters used inside the script blocks that the frame calls are not seen as used.
        'PSReviewUnusedParameter'
        # One file shares its notes through $script: with the functions taken in beside it.
        'PSUseDeclaredVarsMoreThanAssignments'
    )
    Rules               = @{
        PSUseCompatibleSyntax = @{ Enable = $true; TargetVersions = @('5.1') }
    }
}
