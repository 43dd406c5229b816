"""Writes deploy/sbom.json from deploy/requirements.txt: what runs, as a CycloneDX 1.6 bill of materials."""

import json
import re
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"


def bill(locked: str) -> dict[str, object]:
    """The bill of a file of pinned requirements, with one hash for each archive that may be installed."""
    entries = re.findall(r"^([a-z0-9.-]+)==([^ \\]+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)", locked, re.MULTILINE)
    components = [
        {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            "hashes": [{"alg": "SHA-256", "content": found} for found in re.findall("[0-9a-f]{64}", hashes)],
        }
        for name, version, hashes in entries
    ]
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components}


if __name__ == "__main__":
    listed = bill((DEPLOY / "requirements.txt").read_text(encoding="utf-8"))
    (DEPLOY / "sbom.json").write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
