# SPDX-License-Identifier: GPL-2.0-only
"""Makes `gymnasium.make("pyagents:IndoorFactory-v0")` work, whichever of the two was imported first.

Gymnasium imports what stands before the colon and expects it to register what stands behind. So `import
pyagents` has to, but must not load Gymnasium for those who do without. Where it is loaded already it gets the
registration at once, otherwise as soon as it is.
"""

import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

ID = "IndoorFactory-v0"
NS3GYM_ID = "Ns3Gym-v0"
_MAKE = "pyagents.scenarios.indoor_factory.envs.make"
_GYMNASIUM = "gymnasium"


def register() -> None:
    """Tell Gymnasium of the environments. May be called twice."""
    from gymnasium.envs.registration import register as tell
    from gymnasium.envs.registration import registry

    if ID not in registry:
        tell(id=ID, entry_point=f"{_MAKE}:make_env", vector_entry_point=f"{_MAKE}:make_vector_env")
    if NS3GYM_ID not in registry:
        tell(id=NS3GYM_ID, entry_point="pyagents.envs.ns3gym:Ns3GymEnv")


def register_with_gymnasium() -> None:
    """Register now if Gymnasium is loaded, otherwise when it is."""
    if _GYMNASIUM in sys.modules:
        register()
    elif not any(isinstance(finder, _AfterGymnasium) for finder in sys.meta_path):
        sys.meta_path.insert(0, _AfterGymnasium())


class _AfterGymnasium(MetaPathFinder):
    """Finds Gymnasium as anybody would, and registers once it has been loaded."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """See `importlib.abc.MetaPathFinder`."""
        if fullname != _GYMNASIUM:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            load = spec.loader.exec_module

            def load_and_register(module: ModuleType) -> None:
                load(module)
                register()

            spec.loader.exec_module = load_and_register  # type: ignore[method-assign]
        return spec
