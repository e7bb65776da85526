"""Kills the server with SIGKILL in the middle of an import, again and again.

Usage: crash_import.py SERVER [--rounds N] [--seed N]

A driver writes twins and relationships from several threads and notes every
acknowledgement: id, revision token, digest of what was written. After each kill
the server starts on the same data; every acknowledged write must be there, no
write may be there in half, and the store's own check must find both directions of
every relationship, the indexes, the counters and the log in agreement.
Needs TWINGRAPH_PYTHON, as scripts/check sets it; without it the check is skipped.
"""

import argparse
import hashlib
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

SKIPPED = 77
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

if os.environ.get("TWINGRAPH_PYTHON") is None:
    print("skipped: TWINGRAPH_PYTHON is not set")
    sys.exit(SKIPPED)
if os.path.abspath(sys.executable) != os.path.abspath(os.environ["TWINGRAPH_PYTHON"]):
    os.execv(os.environ["TWINGRAPH_PYTHON"], [os.environ["TWINGRAPH_PYTHON"], *sys.argv])

import grpc  # noqa: E402
from google.protobuf import json_format  # noqa: E402
from grpc_tools import protoc  # noqa: E402

STUBS = tempfile.TemporaryDirectory()
protos = sorted(str(p) for p in (ROOT / "proto/twingraph/v1").glob("*.proto"))
if protoc.main(["protoc", f"-I{ROOT / 'proto'}", f"--python_out={STUBS.name}",
                f"--grpc_python_out={STUBS.name}", *protos]) != 0:
    sys.exit("the stubs could not be generated")
sys.path.insert(0, STUBS.name)

from twingraph.v1 import (  # noqa: E402
    admin_pb2, admin_pb2_grpc, model_pb2, model_pb2_grpc, twin_pb2, twin_pb2_grpc)

MODEL = """{"@context": "dtmi:dtdl:context;3", "@id": "dtmi:crash:Node;1",
  "@type": "Interface", "contents": [
    {"@type": "Property", "name": "text", "schema": "string"},
    {"@type": "Property", "name": "number", "schema": "integer"},
    {"@type": "Relationship", "name": "next"}]}"""
THREADS = 4


class Server:
    def __init__(self, binary, directory):
        self.process = subprocess.Popen(
            [binary, "--data-dir", directory, "--listen", "127.0.0.1:0", "--log-level", "error"],
            stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            sys.exit(f"the server did not start again: exit {self.process.wait()}")
        self.channel = grpc.insecure_channel(line.split()[-1])
        self.twins = twin_pb2_grpc.TwinServiceStub(self.channel)
        self.models = model_pb2_grpc.ModelServiceStub(self.channel)
        self.admin = admin_pb2_grpc.AdminServiceStub(self.channel)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.channel.close()

    def stop(self):
        self.channel.close()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


def digest(contents):
    text = json_format.MessageToJson(contents, sort_keys=True, indent=None)
    return hashlib.sha256(text.encode()).hexdigest()


class Driver:
    """What was acknowledged, over all rounds."""

    def __init__(self, seed):
        self.seed = seed
        self.lock = threading.Lock()
        self.twins = {}          # id -> (revision, digest)
        self.relationships = {}  # (source, id) -> (revision, target)

    def write_until_killed(self, server, round_number, thread):
        dice = random.Random(f"{self.seed}/{round_number}/{thread}")
        last = None
        for i in range(1_000_000):
            twin = twin_pb2.Twin(id=f"n{round_number}-{thread}-{i}", model_id="dtmi:crash:Node;1")
            twin.contents["text"] = "x" * dice.randrange(2000)
            twin.contents["number"] = i
            try:
                revision = server.twins.CreateTwin(
                    twin_pb2.CreateTwinRequest(twin=twin), timeout=30).revision
                with self.lock:
                    self.twins[twin.id] = (revision, digest(twin.contents))
                if last is not None:
                    edge = twin_pb2.Relationship(source_id=twin.id, id="r", name="next",
                                                 target_id=last)
                    revision = server.twins.CreateRelationship(
                        twin_pb2.CreateRelationshipRequest(relationship=edge),
                        timeout=30).revision
                    with self.lock:
                        self.relationships[(twin.id, "r")] = (revision, last)
                last = twin.id
            except grpc.RpcError as error:
                if error.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED):
                    return
                raise

    def verify(self, server):
        """Every acknowledged write is there; what else is there is whole."""
        stored = {}
        token = ""
        while True:
            page = server.twins.ListTwins(twin_pb2.ListTwinsRequest(
                page_size=1000, page_token=token), timeout=60)
            stored.update((twin.id, digest(twin.contents)) for twin in page.twins)
            token = page.next_page_token
            if not token:
                break
        for name, (revision, expected) in self.twins.items():
            if stored.get(name) != expected:
                sys.exit(f"LOST: twin {name}, acknowledged with {revision}")
        for (source, name), (revision, target) in self.relationships.items():
            answer = server.twins.GetRelationship(twin_pb2.GetRelationshipRequest(
                source_id=source, id=name), timeout=60)
            if answer.relationship.target_id != target:
                sys.exit(f"LOST: relationship {source}/{name}, acknowledged with {revision}")
        for report in server.admin.CheckStore(admin_pb2.CheckStoreRequest(), timeout=600):
            if report.HasField("problem"):
                sys.exit(f"UNSOUND: {report.problem}")
            if report.HasField("summary") and report.summary.problem_count:
                sys.exit(f"UNSOUND: {report.summary}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("server")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)
    driver = Driver(options.seed)
    with tempfile.TemporaryDirectory() as directory:
        server = Server(options.server, directory)
        server.models.UploadModels(model_pb2.UploadModelsRequest(documents=[MODEL]))
        for round_number in range(options.rounds):
            threads = [threading.Thread(target=driver.write_until_killed,
                                        args=(server, round_number, i)) for i in range(THREADS)]
            for thread in threads:
                thread.start()
            time.sleep(dice.uniform(0.05, 1.0))
            server.kill()
            for thread in threads:
                thread.join()
            server = Server(options.server, directory)
            driver.verify(server)
        code = server.stop()
    if code != 0 or not driver.relationships:
        sys.exit(f"the server ended with {code}; {len(driver.relationships)} relationships")
    print(f"{options.rounds} kills; all of {len(driver.twins)} twins and "
          f"{len(driver.relationships)} relationships that were acknowledged are there, "
          "the store is sound")


if __name__ == "__main__":
    main()
