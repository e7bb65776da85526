"""Runs the examples of client/examples against a real server.

Usage: examples_test.py SERVER TOOL QUICKSTART

tour.py is part of the tour, which readme_test.py runs.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "client/examples"
SENSOR = "dtmi:twingraph:demo:Sensor;1"


class ExamplesTest(unittest.TestCase):
    def setUp(self):
        self.server = subprocess.Popen(
            [SERVER, "--in-memory", "--listen", "127.0.0.1:0", "--log-level", "error"],
            stdout=subprocess.PIPE, text=True)
        self.address = self.server.stdout.readline().split()[-1]
        self.scratch = tempfile.TemporaryDirectory()

    def tearDown(self):
        self.server.terminate()
        self.assertEqual(self.server.wait(timeout=60), 0)
        self.server.stdout.close()
        self.scratch.cleanup()

    def run_command(self, *command, status=0, **environment):
        done = subprocess.run(
            command, env={**os.environ, "TWINGRAPH_SERVER": self.address, **environment},
            capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, status, f"{command}\n{done.stdout}{done.stderr}")
        return done

    def tool(self, *arguments):
        return self.run_command(TOOL, *arguments).stdout

    def query(self, text):
        return [json.loads(line) for line in self.tool("query", "--json", text).splitlines()]

    def make_graph(self, part, **settings):
        """Writes a part of the building and imports it."""
        path = pathlib.Path(self.scratch.name) / f"{part}.ndjson"
        path.write_text(self.run_command(str(EXAMPLES / "building/make-graph"), part,
                                         **settings).stdout)
        return self.tool("import", str(path))

    def test_every_example_is_known_here(self):
        self.assertEqual(sorted(path.name for path in EXAMPLES.iterdir()),
                         ["CMakeLists.txt", "building", "quickstart.cc", "tour.py"])

    def test_quickstart_tells_which_room_is_warm_however_often(self):
        for _ in range(2):
            done = self.run_command(QUICKSTART, self.address)
            self.assertEqual(done.stdout, "kitchen has 27.5 degrees\n")
            self.assertEqual(done.stderr, "")
        related = self.query("SELECT t.$dtId FROM DIGITALTWINS r JOIN t RELATED r.nextTo "
                             "WHERE r.$dtId = 'kitchen'")
        self.assertEqual([row["$dtId"] for row in related], ["cellar"])

    def test_quickstart_without_a_server_says_so(self):
        done = self.run_command(QUICKSTART, "127.0.0.1:1", status=1)
        self.assertEqual(done.stdout, "")
        self.assertIn("UNAVAILABLE", done.stderr)

    def test_building_has_what_its_generator_was_asked_for(self):
        self.tool("model", "upload", str(EXAMPLES / "building/models.json"))
        size = {"FLOORS": "3", "ROOMS": "4", "SENSORS": "2", "HUB": "plant"}
        self.make_graph("building", **size)
        self.tool("hub", "attach", "plant")
        self.tool("hub", "simulate", "plant", "--devices", "24", "--model", SENSOR,
                  "--count", "24", "--rate", "0")
        self.make_graph("sensors", **size)
        rooms = self.query("SELECT COUNT() FROM DIGITALTWINS floor JOIN room RELATED "
                           "floor.contains WHERE floor.$dtId = 'floor-2'")
        self.assertEqual([list(row.values()) for row in rooms], [[4]])
        sensors = self.query("SELECT sensor.$dtId FROM DIGITALTWINS room JOIN sensor RELATED "
                             "room.hasSensor WHERE room.$dtId = 'room-304'")
        self.assertEqual(sorted(row["$dtId"] for row in sensors),
                         ["plant.sensor-023", "plant.sensor-024"])
        self.tool("check")

    def test_building_explains_itself(self):
        done = self.run_command(str(EXAMPLES / "building/make-graph"), status=2)
        self.assertIn("FLOORS", done.stderr)


if __name__ == "__main__":
    QUICKSTART = sys.argv.pop(3)
    TOOL = sys.argv.pop(2)
    SERVER = sys.argv.pop(1)
    unittest.main()
