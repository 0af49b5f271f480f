"""The Azure command line, asking for versions that the SDKs beside it know.

Debian's azure-cli 2.45 asks for Compute 2022-11-01 and Network 2022-01-01, which Debian's azure-mgmt-compute 29.0 and azure-mgmt-network
lack: each `az vm` and `az network` of it ends before anything is sent ("API version 2022-11-01 does not have operation group
'virtual_machines'"). Here it asks for the newest version of each that is there. Nothing else is changed, and where nothing lacks this
does nothing.
"""

import importlib
import importlib.util
import pkgutil
import runpy

from azure.cli.core.profiles import _shared

LATEST = _shared.AZURE_API_PROFILES["latest"]


def fitting(package, version):
    name = "v" + version.replace("-", "_")
    if importlib.util.find_spec(package + "." + name) is not None:
        return version
    modules = pkgutil.iter_modules(importlib.import_module(package).__path__)
    known = sorted(module.name for module in modules if module.name.startswith("v20") and "preview" not in module.name)
    return known[-1][1:].replace("_", "-")


COMPUTE = LATEST[_shared.ResourceType.MGMT_COMPUTE]
COMPUTE.profile.update({group: fitting("azure.mgmt.compute", version) for group, version in COMPUTE.profile.items()})
NETWORK = _shared.ResourceType.MGMT_NETWORK
LATEST[NETWORK] = fitting("azure.mgmt.network", LATEST[NETWORK])

runpy.run_module("azure.cli", run_name="__main__", alter_sys=True)
