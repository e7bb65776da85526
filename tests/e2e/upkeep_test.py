"""Keeps a real server's store in order with the tool: backups, repair, a full disk.

Usage: upkeep_test.py SERVER TOOL

A restore must have what was there at its backup, refuse tokens of before, and go
on. A small file system of its own, where the system allows one without
privileges, shows that a full disk refuses writes, answers reads, and takes writes
again when there is room.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

MODEL = """{"@context": "dtmi:dtdl:context;3", "@id": "dtmi:keep:Room;1",
  "@type": "Interface", "contents": [
    {"@type": "Property", "name": "text", "schema": "string"}]}"""


SMALL_DISK = unittest.skipIf("TWINGRAPH_SMALL_DISK" not in os.environ,
                             "no file system of our own without privileges")


def fill(ballast, disk, free):
    """Leaves `free` bytes of a disk."""
    with open(ballast, "wb") as file:
        file.write(bytes(shutil.disk_usage(disk).free - free))


class Server:
    def __init__(self, *flags):
        self.process = subprocess.Popen(
            [SERVER, "--listen", "127.0.0.1:0", *flags], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            raise AssertionError(f"the server did not start: exit {self.process.wait()}")
        self.address = line.split()[-1]

    def run(self, *arguments):
        """Runs the tool; returns its exit code and what it printed, as JSON lines."""
        return self.show("--json", *arguments)

    def show(self, *arguments):
        """Runs the tool; returns its exit code and what it printed for people."""
        done = subprocess.run(
            [TOOL, "--server", self.address, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
        return done.returncode, done.stdout

    def call(self, *arguments):
        code, text = self.run(*arguments)
        if code != 0:
            raise AssertionError(f"{arguments}: exit {code}: {text}")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        if code != 0:
            raise AssertionError(f"the server ended with {code}")


class UpkeepTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.data = f"{self.folder.name}/data"
        self.backups = f"{self.folder.name}/backups"
        model = pathlib.Path(self.folder.name) / "model.json"
        model.write_text(MODEL, encoding="utf-8")
        self.model = str(model)

    def start(self, data, *flags):
        server = Server("--data-dir", data, *flags)
        self.addCleanup(server.process.kill)
        return server

    def ids(self, server):
        return sorted(twin["id"] for twin in server.call("twin", "list"))

    def test_a_restore_is_the_state_of_its_backup(self):
        server = self.start(self.data, "--backup-dir", self.backups)
        server.call("model", "upload", self.model)
        for name in ("a", "b"):
            server.call("twin", "create", name, "--model", "dtmi:keep:Room;1")
        backup = server.call("admin", "backup", "create")[0]
        server.call("twin", "create", "later", "--model", "dtmi:keep:Room;1")
        server.call("admin", "backup", "create")
        self.assertEqual(len(server.call("admin", "backup", "list")), 2)
        before = server.call("status")[0]
        server.stop()

        restored = f"{self.folder.name}/restored"
        command = [SERVER, "--data-dir", restored, "--restore-from", self.backups,
                   "--restore-backup", str(backup["id"])]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=60, check=True)
        self.assertIn(f"restored backup {backup['id']} ", done.stdout)
        # Never over a graph that is there.
        again = subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        self.assertEqual(again.returncode, 1)

        server = self.start(restored, "--backup-dir", self.backups)
        self.assertEqual(self.ids(server), ["a", "b"])
        after = server.call("status")[0]
        self.assertEqual(after["store_id"], before["store_id"])
        self.assertNotEqual(after["revision"], before["revision"])
        self.assertEqual(server.run("check")[0], 0)
        server.call("twin", "create", "new", "--model", "dtmi:keep:Room;1")
        server.call("admin", "backup", "create")
        server.call("admin", "backup", "prune", "--keep", "1")
        self.assertEqual(len(server.call("admin", "backup", "list")), 1)
        server.stop()

    def test_damaged_backups_are_named_and_not_counted(self):
        server = self.start(self.data, "--backup-dir", self.backups)
        server.call("model", "upload", self.model)
        tables = pathlib.Path(self.backups) / "default" / "shared_checksum"
        for name in ("a", "b", "c"):
            before = set(tables.glob("*.sst"))
            server.call("twin", "create", name, "--model", "dtmi:keep:Room;1")
            server.call("admin", "backup", "create")
        code, text = server.show("admin", "backup", "prune", "--keep", "3")
        self.assertEqual((code, text), (
            0, "no backup deleted: there are no more than 3 whole ones to keep\n"))
        table = min(set(tables.glob("*.sst")) - before)
        with open(table, "r+b") as file:
            file.seek(100)
            file.write(b"sixteen bytes...")
        # What is seen without reading, and what is not.
        self.assertNotIn("damaged", server.show("admin", "backup", "list")[1])
        code, text = server.show("admin", "backup", "verify")
        self.assertNotEqual(code, 0)
        self.assertIn("1 of 3 backups damaged", text)
        self.assertIn("BACKUP_UNUSABLE", text)
        listed = [json.loads(line) for line in server.run("admin", "backup", "verify")[1]
                  .splitlines() if line.startswith("{\"id")]
        self.assertEqual([backup.get("damaged", False) for backup in listed],
                         [False, False, True])
        deleted = server.call("admin", "backup", "prune", "--keep", "1", "--damaged")
        self.assertEqual([backup["id"] for backup in deleted], ["1", "3"])
        self.assertEqual(server.show("admin", "backup", "verify")[0], 0)
        # One whose list of files is damaged has neither date nor size.
        (pathlib.Path(self.backups) / "default" / "meta" / "2").write_text("?", encoding="utf-8")
        self.assertNotIn("create_time", server.call("admin", "backup", "list")[0])
        code, text = server.show("admin", "backup", "list")
        self.assertNotIn("1970", text)
        self.assertRegex(text, r"2 +- +- +damaged")
        server.stop()

    def test_the_store_is_repaired_compacted_and_counted(self):
        server = self.start(self.data)
        server.call("model", "upload", self.model)
        server.call("twin", "create", "a", "--model", "dtmi:keep:Room;1")
        statistics = server.call("admin", "statistics")[0]
        self.assertEqual(statistics["models"],
                         [{"model_id": "dtmi:keep:Room;1", "twin_count": "1"}])
        self.assertIn("history", [part["name"] for part in statistics["parts"]])
        self.assertGreater(int(statistics["memory"]["resident_bytes"]), 0)
        self.assertEqual(server.run("admin", "repair-indexes")[0], 0)
        self.check_disk_bytes(int(server.call("status")[0]["disk_bytes"]))
        server.call("import", self.graph_file(2000))
        before = int(server.call("status")[0]["disk_bytes"])
        self.check_disk_bytes(before)
        compacted = server.call("admin", "compact")[0]
        self.assertEqual(int(compacted["disk_bytes_before"]), before)
        self.assertLess(int(compacted["disk_bytes_after"]), before)
        self.check_disk_bytes(int(server.call("status")[0]["disk_bytes"]))
        code, text = server.run("admin", "backup", "create")
        self.assertNotEqual(code, 0)
        self.assertIn("BACKUP_UNUSABLE", text)
        server.stop()

    @SMALL_DISK
    def test_a_full_disk_refuses_writes_until_there_is_room(self):
        disk = os.environ["TWINGRAPH_SMALL_DISK"]
        server = self.start(f"{disk}/data", "--disk-reserve", "8MB", "--memory-budget", "128MB")
        server.call("model", "upload", self.model)
        server.call("twin", "create", "first", "--model", "dtmi:keep:Room;1")
        ballast = pathlib.Path(disk) / "ballast"
        free = shutil.disk_usage(disk).free
        ballast.write_bytes(bytes(free - (4 << 20)))
        code, text = self.until(lambda: server.run(
            "twin", "create", "refused", "--model", "dtmi:keep:Room;1"), lambda code: code != 0)
        self.assertNotEqual(code, 0)
        self.assertIn("STORE_FULL", text)
        self.assertIn("first", self.ids(server))
        self.assertEqual(server.call("status")[0]["read_only_reason"], "STORE_FULL")
        ballast.unlink()
        code, text = self.until(lambda: server.run(
            "twin", "create", "after", "--model", "dtmi:keep:Room;1"), lambda code: code == 0)
        self.assertEqual(code, 0, text)
        self.assertNotIn("read_only_reason", server.call("status")[0])
        server.stop()

    def check_disk_bytes(self, found):
        """It must be what df sees, but for directories."""
        taken = sum(path.stat().st_blocks * 512 for path in pathlib.Path(self.data).rglob("*")
                    if path.is_file())
        self.assertAlmostEqual(found, taken, delta=64 << 10)

    def graph_file(self, count):
        """A file of twins, each of some size."""
        path = pathlib.Path(self.folder.name) / "graph.ndjson"
        rows = [{"$dtId": f"t{i}", "$metadata": {"$model": "dtmi:keep:Room;1"},
                 "text": f"{i} " * 200} for i in range(count)]
        path.write_text("\n".join(json.dumps(row) for row in [{"Section": "Twins"}, *rows]),
                        encoding="utf-8")
        return str(path)

    def summary(self, text):
        """What an import says of its rows."""
        return next(json.loads(line) for line in text.splitlines()
                    if line.startswith("{") and "nonconforming" in line)

    def check_summary(self, found, server, count):
        """It must be true of what is stored, and an import that goes on complete it."""
        stored = len(self.ids(server))
        self.assertLess(stored, count)
        self.assertLessEqual(found["twins"], stored)
        self.assertLessEqual(stored, found["twins"] + found["unknown"])
        again = server.call("import", "--if-exists", "skip", self.graph_file(count))[0]
        self.assertEqual((again["skipped"], again["twins"]), (stored, count - stored))
        self.assertEqual(len(self.ids(server)), count)

    @SMALL_DISK
    def test_an_import_over_a_full_disk_says_what_is_in_doubt(self):
        disk = os.environ["TWINGRAPH_SMALL_DISK"]
        ballast = pathlib.Path(disk) / "ballast"
        server = self.start(f"{disk}/doubt", "--disk-reserve", "0", "--memory-budget", "128MB")
        server.call("model", "upload", self.model)
        fill(ballast, disk, 512 << 10)
        code, text = server.run("import", self.graph_file(2000))
        ballast.unlink()
        self.assertNotEqual(code, 0)
        found = self.summary(text)
        self.assertGreater(found["unknown"], 0, found)
        self.assertGreater(found["failed"], 0, found)
        self.assertEqual(found["twins"] + found["failed"] + found["unknown"], 2000)
        for part in ("STORE_FULL", f"not imported: {found['failed']} rows; "
                     f"perhaps imported: {found['unknown']} row", "--if-exists skip"):
            self.assertIn(part, text)
        self.written_again(server, (), starts_again=False)
        self.check_summary(found, server, 2000)
        server.stop()

    def test_an_import_whose_server_dies_says_what_is_in_doubt(self):
        server = self.start(self.data)
        server.call("model", "upload", self.model)
        command = [TOOL, "--server", server.address, "--json", "import", self.graph_file(8000)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True) as importing:
            while int(server.call("status")[0].get("twin_count", 0)) < 500:
                pass
            server.process.kill()
            text = importing.communicate(timeout=120)[0]
        server.process.wait()
        server.process.stdout.close()
        self.assertEqual(importing.returncode, 1)
        self.assertIn("UNAVAILABLE", text)
        self.assertIn('"rest":"not tried"', text)
        server = self.start(self.data)
        self.check_summary(self.summary(text), server, 8000)
        server.stop()

    @SMALL_DISK
    def test_on_a_full_disk_the_server_starts_for_reading_and_stops(self):
        disk = os.environ["TWINGRAPH_SMALL_DISK"]
        ballast = pathlib.Path(disk) / "ballast"
        flags = (f"{disk}/full", "--disk-reserve", "0", "--memory-budget", "128MB")
        known = ["first"]
        server = self.start(*flags)
        server.call("model", "upload", self.model)
        server.call("twin", "create", "first", "--model", "dtmi:keep:Room;1")
        for free in (0, 8 << 10, 32 << 10):
            for is_killed in (False, True):
                with self.subTest(free=free, is_killed=is_killed):
                    name = f"twin-{free}-{is_killed}"
                    server.call("twin", "create", name, "--model", "dtmi:keep:Room;1")
                    known.append(name)
                    if is_killed:
                        server.process.kill()
                        server.process.wait()
                        server.process.stdout.close()
                    else:
                        server.stop()
                    fill(ballast, disk, free)
                    server = self.start(*flags)
                    self.assertEqual(self.ids(server), sorted(known))
                    code, text = server.run(
                        "twin", "create", "refused", "--model", "dtmi:keep:Room;1")
                    self.assertNotEqual(code, 0)
                    self.assertIn("STORE_FULL", text)
                    self.assertIn("make room, and writes come back by themselves", text)
                    status = server.call("status")[0]
                    self.assertEqual(status["read_only_reason"], "STORE_FULL")
                    ballast.unlink()
                    server = self.written_again(server, flags, is_killed)
                    self.assertEqual(self.ids(server), sorted(known))
                    self.assertEqual(server.run("check")[0], 0)
        # Full while it runs: it stops, and loses nothing.
        fill(ballast, disk, 0)
        for i in range(100):
            code, text = server.run("twin", "create", f"late-{i}", "--model", "dtmi:keep:Room;1")
            if code != 0:
                break
            known.append(f"late-{i}")
        server.stop()
        ballast.unlink()
        server = self.start(*flags)
        self.assertEqual([each for each in known if each not in self.ids(server)], [])
        server.stop()

    def written_again(self, server, flags, starts_again):
        """With room again: by itself, or after one more start."""
        if starts_again:
            server.stop()
            return self.start(*flags)
        for _ in range(100):
            status = server.call("status")[0]
            if "read_only_reason" not in status:
                return server
            time.sleep(0.1)
        raise AssertionError(f"the server stays as it is: {status}")

    @SMALL_DISK
    def test_a_full_backup_disk_is_named(self):
        disk = os.environ["TWINGRAPH_SMALL_DISK"]
        ballast = pathlib.Path(disk) / "ballast"
        backups = f"{disk}/backups"
        server = self.start(self.data, "--backup-dir", backups)
        server.call("model", "upload", self.model)
        server.call("admin", "backup", "create")
        for free in (0, 16 << 10):
            server.call("twin", "create", f"t{free}", "--model", "dtmi:keep:Room;1")
            fill(ballast, disk, free)
            code, text = server.run("admin", "backup", "create")
            ballast.unlink()
            self.assertNotEqual(code, 0)
            for part in ("BACKUP_UNUSABLE", backups, "full"):
                self.assertIn(part, text)
            self.assertEqual(len(server.call("admin", "backup", "list")), 1)
        server.call("admin", "backup", "create")
        # A damaged entry is named, and the others go on.
        (pathlib.Path(backups) / "default/revisions/1").write_text("?", encoding="utf-8")
        self.assertEqual([each.get("damaged", False)
                          for each in server.call("admin", "backup", "list")], [True, False])
        server.call("admin", "backup", "create")
        deleted = server.call("admin", "backup", "prune", "--keep", "2")
        self.assertEqual([(each["id"], each.get("damaged", False)) for each in deleted],
                         [("1", True)])
        (pathlib.Path(backups) / "default/revisions/3").write_text("?", encoding="utf-8")
        self.assertEqual(server.call("admin", "backup", "prune", "--keep", "1"), [])
        server.call("admin", "backup", "prune", "--keep", "1", "--damaged")
        self.assertEqual([each["id"] for each in server.call("admin", "backup", "list")], ["2"])
        server.stop()

    @SMALL_DISK
    def test_a_new_store_needs_room(self):
        disk = os.environ["TWINGRAPH_SMALL_DISK"]
        ballast = pathlib.Path(disk) / "ballast"
        fill(ballast, disk, 64 << 10)
        done = subprocess.run([SERVER, "--data-dir", f"{disk}/new", "--listen", "127.0.0.1:0"],
                              stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        ballast.unlink()
        self.assertEqual(done.returncode, 1, done.stderr)
        last = done.stderr.strip().splitlines()[-1]
        for part in (f'cannot open the data directory "{disk}/new"', "bytes are free",
                     "make room and start the server again"):
            self.assertIn(part, last)

    @staticmethod
    def until(attempt, is_right):
        """What the disk has is looked at a few times a second."""
        for _ in range(20):
            code, text = attempt()
            if is_right(code):
                break
        return code, text


def enter_small_disk():
    """Runs this test again where it has a file system of 64 MB of its own."""
    if "TWINGRAPH_SMALL_DISK" in os.environ or shutil.which("unshare") is None:
        return
    folder = tempfile.mkdtemp()
    inner = (f"mount -t tmpfs -o size=64m tmpfs {folder} && "
             f"TWINGRAPH_SMALL_DISK={folder} exec \"$0\" \"$@\"")
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    can = subprocess.run([*command, f"mount -t tmpfs -o size=1m tmpfs {folder}"], check=False,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if can.returncode == 0:
        done = subprocess.run([*command, inner, sys.executable, *sys.argv], check=False)
        os.rmdir(folder)
        sys.exit(done.returncode)
    os.rmdir(folder)


if __name__ == "__main__":
    SERVER, TOOL = (os.path.abspath(path) for path in sys.argv[1:3])
    enter_small_disk()
    unittest.main(argv=sys.argv[:1], verbosity=2)
