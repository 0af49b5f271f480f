@{
    IncludeDefaultRules = $true
    Severity            = @('Error', 'Warning')
    ExcludeRules        = @(
        # Nothing prompts under Run Command: looking first and reading back after stand in for -WhatIf and -Confirm.
        'PSUseShouldProcessForStateChangingFunctions'
        # Parameters used inside the script blocks that a frame calls are not seen as used.
        'PSReviewUnusedParameter'
        # One file shares its notes through $script: with the functions taken in beside it.
        'PSUseDeclaredVarsMoreThanAssignments'
        # Windows is a name, and facts come by the dozen.
        'PSUseSingularNouns'
    )
    Rules               = @{
        PSUseCompatibleSyntax = @{ Enable = $true; TargetVersions = @('5.1') }
    }
}
