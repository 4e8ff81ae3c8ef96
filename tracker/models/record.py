"""What all models share: frozen, no unknown keys, and one canonical JSON form."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A frozen value. Unknown keys are an error, so that a typo is never lost silently."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False)

    def canonical_json(self) -> str:
        """Return the JSON text that equal records share: fields in the order of the model, defaults left out."""
        return self.model_dump_json(exclude_defaults=True)


def canonical_json(value: Any) -> str:
    """Return JSON with sorted keys and no spaces, readable text kept as it is."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
