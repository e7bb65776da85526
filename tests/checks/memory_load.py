"""Loads a server in every way that takes memory, and asks what it holds.

Usage: memory_load.py SERVER [--budget MB] [--seconds N]

One phase after the other: small twins until the caches are full; 64 callers with
twins of 60 KB; 16 streams of queries over them; pages of 1,000; sets of models
of up to four megabytes until no more fit; all of it at once. In every phase
the resident set of the server, at its highest, must stay within --memory-budget,
and calls of each kind must succeed. A call may be refused as OVERLOADED or with
LIMIT_EXCEEDED; the caller then waits a little.
Needs TWINGRAPH_PYTHON, as scripts/check sets it.
"""

import argparse
import itertools
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

if os.path.abspath(sys.executable) != os.path.abspath(os.environ["TWINGRAPH_PYTHON"]):
    os.execv(os.environ["TWINGRAPH_PYTHON"], [os.environ["TWINGRAPH_PYTHON"], *sys.argv])

import grpc  # noqa: E402
from grpc_tools import protoc  # noqa: E402

STUBS = tempfile.TemporaryDirectory()
protos = sorted(str(p) for p in (ROOT / "proto/twingraph/v1").glob("*.proto"))
if protoc.main(["protoc", f"-I{ROOT / 'proto'}", f"--python_out={STUBS.name}",
                f"--grpc_python_out={STUBS.name}", *protos]) != 0:
    sys.exit("the stubs could not be generated")
sys.path.insert(0, STUBS.name)

from twingraph.v1 import (  # noqa: E402
    model_pb2, model_pb2_grpc, query_pb2, query_pb2_grpc, twin_pb2, twin_pb2_grpc)

MODEL = """{"@context": "dtmi:dtdl:context;3", "@id": "dtmi:load:Node;1",
  "@type": "Interface", "contents": [
    {"@type": "Property", "name": "text", "schema": "string"},
    {"@type": "Property", "name": "number", "schema": "integer"},
    {"@type": "Relationship", "name": "next"}]}"""
SMALL_TEXT = 2_000
LARGE_TEXT = 60_000
# Of sets of models: one that is stored again and again, and new ones.
KNOWN_SET = 100_000
NEW_SETS = (300_000, 1_000_000, 3_900_000)
REFUSED_PAUSE = 0.05
TIMEOUT = 60


# A model like those of real ontologies; "#" stands for its number.
SET_MODEL = json.dumps({
    "@context": "dtmi:dtdl:context;3", "@id": "dtmi:load:set#;1", "@type": "Interface",
    "displayName": {"en": "Model #"},
    "contents": [
        {"@type": "Property", "name": f"value{i}", "schema": "double",
         "displayName": {"en": f"Value {i} of #"},
         "description": {"en": "What the device measured last, in its own unit."}}
        for i in range(5)]})


def model_set(first, size):
    """Models of about `size` bytes together, numbered from `first` on."""
    return [SET_MODEL.replace("#", str(number))
            for number in range(first, first + size // (len(SET_MODEL) + 50))]


class Kind:
    """One kind of call: what many threads do until the time is over."""

    def __init__(self, name, callers, step):
        self.name, self.callers, self.step = name, callers, step
        self.succeeded, self.refused, self.failed = 0, 0, []
        self.lock = threading.Lock()

    def run(self, until):
        dice = random.Random(threading.get_ident())
        while time.monotonic() < until:
            try:
                self.step(dice)
                with self.lock:
                    self.succeeded += 1
            except grpc.RpcError as error:
                details = dict(error.trailing_metadata()).get("grpc-status-details-bin", b"")
                if b"OVERLOADED" not in details and b"LIMIT_EXCEEDED" not in details:
                    self.failed.append(error)
                    return
                with self.lock:
                    self.refused += 1
                time.sleep(REFUSED_PAUSE)


class Load:
    def __init__(self, address):
        self.channels = [grpc.insecure_channel(
            address, options=[("grpc.use_local_subchannel_pool", 1)]) for _ in range(8)]
        self.numbers = itertools.count()
        self.call(model_pb2_grpc.ModelServiceStub, "UploadModels",
                  model_pb2.UploadModelsRequest(documents=[MODEL]))

    def stub(self, service):
        return service(random.choice(self.channels))

    def call(self, service, method, request):
        return getattr(self.stub(service), method)(request, timeout=TIMEOUT)

    def create(self, text_bytes, dice):
        number = next(self.numbers)
        twin = twin_pb2.Twin(id=f"n{text_bytes}-{number}", model_id="dtmi:load:Node;1")
        twin.contents["text"] = dice.randbytes(text_bytes // 2).hex()
        twin.contents["number"] = number
        self.call(twin_pb2_grpc.TwinServiceStub, "CreateTwin",
                  twin_pb2.CreateTwinRequest(twin=twin))
        return twin.id

    def small_twin(self, dice):
        twin = self.create(SMALL_TEXT, dice)
        self.call(twin_pb2_grpc.TwinServiceStub, "CreateRelationship",
                  twin_pb2.CreateRelationshipRequest(relationship=twin_pb2.Relationship(
                      source_id=twin, id="r", name="next", target_id=twin)))
        self.call(twin_pb2_grpc.TwinServiceStub, "GetTwin", twin_pb2.GetTwinRequest(id=twin))

    def large_twin(self, dice):
        self.create(LARGE_TEXT, dice)

    def stream(self, dice):
        least = dice.randrange(1000)
        for _ in self.stub(query_pb2_grpc.QueryServiceStub).Query(query_pb2.QueryRequest(
                query=f"SELECT TOP(2000) FROM DIGITALTWINS T WHERE T.number >= {least}"),
                timeout=TIMEOUT):
            time.sleep(0.002)

    def list_page(self, dice):
        request = twin_pb2.ListTwinsRequest(
            page_size=1000, view=dice.choice(twin_pb2.TwinView.values()))
        for _ in range(3):
            page = self.call(twin_pb2_grpc.TwinServiceStub, "ListTwins", request)
            request.page_token = page.next_page_token
            if not request.page_token:
                return

    def query_page(self, dice):
        self.call(query_pb2_grpc.QueryServiceStub, "QueryPage", query_pb2.QueryPageRequest(
            query="SELECT * FROM DIGITALTWINS T WHERE "
                  f"T.number >= {dice.randrange(1000)}", page_size=1000))

    def upload(self, dice):
        models = (model_set(0, KNOWN_SET) if dice.random() < 0.3 else
                  model_set((1 + next(self.numbers)) * 10_000, dice.choice(NEW_SETS)))
        self.call(model_pb2_grpc.ModelServiceStub, "UploadModels",
                  model_pb2.UploadModelsRequest(documents=models))

    def list_models(self, _):
        self.call(model_pb2_grpc.ModelServiceStub, "ListModels", model_pb2.ListModelsRequest(
            page_size=1000, view=model_pb2.MODEL_VIEW_FULL))

    def phases(self):
        """Names of phases, and the kinds of calls of each."""
        small = [("small twins", 8, self.small_twin)]
        large = [("large twins", 64, self.large_twin)]
        streams = [("streams", 16, self.stream)]
        pages = [("lists", 8, self.list_page), ("query pages", 8, self.query_page)]
        models = [("uploads", 4, self.upload), ("model lists", 2, self.list_models)]
        for name, kinds in [
                ("small twins", small), ("large twins", large), ("streams", large + streams),
                ("pages", pages), ("models", models),
                ("everything", small + large + streams + pages + models)]:
            yield name, [Kind(*kind) for kind in kinds]


class Memory:
    """The highest resident set of a process since the last time it was asked."""

    def __init__(self, pid):
        self.pid = pid

    def peak(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            peak = next(int(line.split()[1]) << 10 for line in status
                        if line.startswith("VmHWM"))
        with open(f"/proc/{self.pid}/clear_refs", "w", encoding="ascii") as reset:
            reset.write("5")
        return peak


def run_phase(kinds, seconds):
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=kind.run, args=(until,))
               for kind in kinds for _ in range(kind.callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def start_server(options, directory):
    server = subprocess.Popen(
        [options.server, "--data-dir", directory, "--listen", "127.0.0.1:0", "--log-level",
         "error", "--durability", "os", "--memory-budget", f"{options.budget}MB"],
        stdout=subprocess.PIPE, text=True)
    return server, server.stdout.readline().split()[-1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("server")
    parser.add_argument("--budget", type=int, default=256, help="megabytes")
    parser.add_argument("--seconds", type=int, default=15, help="of each phase")
    options = parser.parse_args()
    peaks, wrong = [], []
    with tempfile.TemporaryDirectory() as directory:
        server, address = start_server(options, directory)
        memory = Memory(server.pid)
        peaks.append(("start", memory.peak() >> 20))
        for name, kinds in Load(address).phases():
            run_phase(kinds, options.seconds)
            peaks.append((name, memory.peak() >> 20))
            print(f"{name}: {peaks[-1][1]} MB;", "; ".join(
                f"{kind.succeeded} {kind.name}, {kind.refused} refused" for kind in kinds),
                flush=True)
            wrong += [f"{name}: {kind.name}: {kind.failed[0]}" for kind in kinds if kind.failed]
            wrong += [f"{name}: none of the {kind.name} succeeded"
                      for kind in kinds if kind.succeeded == 0]
        server.terminate()
        server.wait(timeout=60)
    wrong += [f"{name}: {peak} MB" for name, peak in peaks if peak > options.budget]
    if wrong:
        sys.exit(f"budget {options.budget} MB: " + "; ".join(wrong))
    print(f"budget {options.budget} MB; at most",
          ", ".join(f"{peak} ({name})" for name, peak in peaks))


if __name__ == "__main__":
    main()
