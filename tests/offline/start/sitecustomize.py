"""On PYTHONPATH of the programs that tests start: they too reach loopback only."""

import importlib.util
from pathlib import Path

_spec = importlib.util.spec_from_file_location("offline", Path(__file__).parent.parent / "__init__.py")
assert _spec and _spec.loader
_offline = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_offline)
_offline.only_loopback()
