"""The build hook: compiles the catalogs, for wheels and for editable installs alike."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogs(BuildHookInterface):  # type: ignore[type-arg]  # its parameter is not public
    """Makes a ``.mo`` beside every ``.po``. They are git-ignored; ``artifacts`` takes them along."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects the files of a wheel."""
        # The build runs outside the project's folder: the project is not importable by itself.
        sys.path.insert(0, self.root)
        try:
            from translations.compiling import compile_all
        finally:
            sys.path.remove(self.root)
        compile_all(Path(self.root) / "translations")
