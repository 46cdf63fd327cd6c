"""A temporary tree with the files that a test plants in it."""
import tempfile
from pathlib import Path


class PlantedTree:
    def __init__(self, files):
        self._files = files
        self._folder = tempfile.TemporaryDirectory()

    def __enter__(self):
        root = Path(self._folder.name)
        for name, text in self._files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return root

    def __exit__(self, *_):
        self._folder.cleanup()
