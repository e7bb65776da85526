"""Starts the real server on data directories that it cannot use, or used before.

Usage: data_directory_test.py SERVER

Each that it cannot use must end the server with status 1 and one line on standard
error that names the path, the cause and what to do.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

NOBODY = 65534


class DataDirectoryTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.path = pathlib.Path(self.directory.name)

    def start(self, data_dir, *flags, **options):
        return subprocess.Popen(
            [SERVER, "--data-dir", str(data_dir), "--listen", "127.0.0.1:0", *flags],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)

    def expect_refusal(self, data_dir, *parts, **options):
        with self.start(data_dir, **options) as server:
            _, errors = server.communicate(timeout=60)
        last = errors.strip().splitlines()[-1]
        self.assertEqual(server.returncode, 1, errors)
        for part in ("twingraph-server: cannot open the data directory",
                     f'"{data_dir}"', *parts):
            self.assertIn(part, last)

    def test_a_file(self):
        file = self.path / "file"
        file.write_text("x")
        for data_dir in (file, file / "below"):
            self.expect_refusal(data_dir, "no directory", "use another path")

    def test_no_permission(self):
        data_dir = self.path / "closed"
        data_dir.mkdir()
        options = {}
        if os.geteuid() == 0:
            os.chmod(self.path, 0o755)
            options = {"user": NOBODY}
        else:
            os.chmod(data_dir, 0o555)
        try:
            self.expect_refusal(data_dir, "permission denied",
                                "let the user that runs this process", **options)
        except PermissionError:
            self.skipTest("another user cannot start the server here")

    def test_another_process(self):
        data_dir = self.path / "data"
        with self.start(data_dir) as first:
            self.assertIn("listening on", first.stdout.readline())
            self.expect_refusal(data_dir, "another process uses", "stop it")
            first.terminate()
            first.communicate(timeout=60)

    def make_store(self):
        """A data directory that was closed, and where its store lies."""
        data_dir = self.path / "data"
        with self.start(data_dir) as server:
            self.assertIn("listening on", server.stdout.readline())
            server.terminate()
            server.communicate(timeout=60)
        return data_dir, data_dir / "graphs/default"

    def expect_damage(self, damage, *parts):
        data_dir, store = self.make_store()
        damage(store)
        self.expect_refusal(data_dir, *parts, "--restore-from BACKUP_DIR --data-dir NEW_DIR")
        self.expect_refusal(data_dir, *parts)  # refusing changes nothing
        shutil.rmtree(data_dir)

    def test_damage(self):
        def table(store):
            for file in store.glob("*.sst"):
                file.write_bytes(bytes(file.stat().st_size))

        def missing_table(store):
            max(store.glob("*.sst")).unlink()

        def file_list(store):
            file = next(store.glob("MANIFEST-*"))
            file.write_bytes(bytes(file.stat().st_size))

        def clean_mark(store):
            (store / "CLEAN").write_text("0123456789abcdef\n")

        self.expect_damage(table, "damaged", ".sst")
        self.expect_damage(missing_table, "missing", ".sst")
        self.expect_damage(file_list, "MANIFEST-", "the list of the store's files, is damaged")
        self.expect_damage(clean_mark, "CLEAN is damaged", "--accept-lost-commits")

    def test_a_damaged_mark_can_be_accepted(self):
        data_dir, store = self.make_store()
        (store / "CLEAN").write_text("x\n")
        with self.start(data_dir, "--accept-lost-commits") as server:
            self.assertIn("listening on", server.stdout.readline())
            server.terminate()
            server.communicate(timeout=60)
        self.assertEqual(server.returncode, 0)

    def test_another_database(self):
        store = self.path / "data/graphs/default"
        store.mkdir(parents=True)
        (store / "CURRENT").write_text("MANIFEST-000001\n")
        self.expect_refusal(self.path / "data", "not TwinGraph's", "use another")

    def log_of(self, *flags):
        with self.start(self.path / "data", *flags) as server:
            self.assertIn("listening on", server.stdout.readline())
            server.terminate()
            return server.communicate(timeout=60)[1]

    def test_unindexed_paths(self):
        lists = ["--unindexed-paths=/name,/temperature", "--unindexed-paths=/name"]
        self.log_of(lists[0])
        for flags in ([], lists[:1]):
            log = self.log_of(*flags)
            self.assertNotIn("index", log)
        self.assertIn("an index is being built paths=/temperature",
                      self.log_of(lists[1]))
        self.assertIn("keeps it paths=/temperature", self.log_of(lists[0]))


if __name__ == "__main__":
    SERVER = os.path.abspath(sys.argv.pop(1))
    unittest.main()
