"""What every test shares: how many examples Hypothesis tries, and a decision log that is not the user's own.

`HYPOTHESIS_PROFILE=all` (make test-all) tries far more, with other examples every time.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings

_TOO_SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]

# The same examples every time: a failure on CI is a failure at home.
settings.register_profile("default", max_examples=500, deadline=None, derandomize=True, suppress_health_check=_TOO_SLOW)
settings.register_profile("dev", max_examples=50, deadline=None, suppress_health_check=_TOO_SLOW)
settings.register_profile("all", max_examples=20_000, deadline=None, suppress_health_check=_TOO_SLOW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

_LOG = Path(tempfile.mkdtemp(prefix="deelwijzer-tests-")) / "log.db"
os.environ["DEELWIJZER_LOG_URL"] = f"sqlite:///{_LOG}"
