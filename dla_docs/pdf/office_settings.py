"""Le profil privé de LibreOffice : rien n'y est exécuté, rien n'y est cherché ailleurs, et deux
conversions n'en partagent jamais un.
"""

from __future__ import annotations

import shutil
from pathlib import Path

SETTINGS = {
    # Macros off; nothing fetched from the network nor from the disk on behalf of a document.
    # DisableActiveContent is left alone: it also blanks the document's own charts.
    "Office.Common/Security/Scripting": {
        "BlockUntrustedRefererLinks": "true",
        "DisableMacrosExecution": "true",
        "DisableOLEAutomation": "true",
        "MacroSecurityLevel": "3",
    },
    "Office.Writer/Content/Update": {"Link": "0"},
    "Office.Calc/Content/Update": {"Link": "2"},
    "Office.Java/VirtualMachine": {"Enable": "false"},
    "Office.Common/Misc": {"CrashReport": "false", "FirstRun": "false"},
    "Office.Update/Update": {"Enabled": "false"},
    "Office.Recovery/AutoSave": {"Enabled": "false"},
    # A document that does not say its language is in French; so are the dates and numbers that
    # LibreOffice writes itself.
    "Setup/L10N": {"ooSetupSystemLocale": "fr-FR"},
}
XCU = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}
</oor:items>
"""
ITEM = (
    '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}'
    "</value></prop></item>"
)


def new_profile(folder: Path, version: tuple[int, ...]) -> str:
    """Fait de ``folder`` un profil neuf, en effaçant ce qu'il contient ; rend l'argument qui le
    désigne à LibreOffice.
    """
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "user").mkdir(parents=True, exist_ok=True)
    (folder / "user" / "registrymodifications.xcu").write_text(_settings(version), encoding="utf-8")
    return f"-env:UserInstallation={folder.resolve().as_uri()}"


def _settings(version: tuple[int, ...]) -> str:
    # A profile that this very version seems to have set up already starts twice as fast.
    setup = {
        "Setup/Product": {"ooSetupLastVersion": ".".join(map(str, version[:2]))},
        "Setup/Office": {"ooSetupInstCompleted": "true"},
    }
    triples = [
        (path, name, value)
        for path, group in (SETTINGS | setup).items()
        for name, value in group.items()
    ]
    return XCU.format(
        items="\n".join(
            ITEM.format(path=path, name=name, value=value) for path, name, value in triples
        )
    )
