"""Loads a server until its caches are full, and asks what memory it holds.

Usage: memory_load.py SERVER [--budget MB] [--seconds N]

Twins of two kilobytes, relationships, patches, pages and queries from eight
threads; the data soon exceed the budget several times. The resident set of the
server, sampled all the while, must stay within --memory-budget.
Needs TWINGRAPH_PYTHON, as scripts/check sets it.
"""

import argparse
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
    admin_pb2, admin_pb2_grpc, model_pb2, model_pb2_grpc, query_pb2, query_pb2_grpc, twin_pb2,
    twin_pb2_grpc)

MODEL = """{"@context": "dtmi:dtdl:context;3", "@id": "dtmi:load:Node;1",
  "@type": "Interface", "contents": [
    {"@type": "Property", "name": "text", "schema": "string"},
    {"@type": "Property", "name": "number", "schema": "integer"},
    {"@type": "Relationship", "name": "next"}]}"""
THREADS = 8
TEXT_BYTES = 2000


def resident_bytes(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmRSS"))


class Load:
    def __init__(self, address, until):
        self.until = until
        self.written = [0] * THREADS
        self.failed = []
        channel = grpc.insecure_channel(address)
        self.twins = twin_pb2_grpc.TwinServiceStub(channel)
        self.queries = query_pb2_grpc.QueryServiceStub(channel)
        self.admin = admin_pb2_grpc.AdminServiceStub(channel)
        model_pb2_grpc.ModelServiceStub(channel).UploadModels(
            model_pb2.UploadModelsRequest(documents=[MODEL]))

    def run(self, thread):
        dice = random.Random(thread)
        try:
            while time.monotonic() < self.until:
                self.step(thread, dice)
        except grpc.RpcError as error:
            self.failed.append(error)

    def step(self, thread, dice):
        count = self.written[thread]
        twin = twin_pb2.Twin(id=f"n{thread}-{count}", model_id="dtmi:load:Node;1")
        twin.contents["text"] = dice.randbytes(TEXT_BYTES // 2).hex()
        twin.contents["number"] = count
        self.twins.CreateTwin(twin_pb2.CreateTwinRequest(twin=twin), timeout=60)
        if count > 0:
            edge = twin_pb2.Relationship(source_id=twin.id, id="r", name="next",
                                         target_id=f"n{thread}-{dice.randrange(count)}")
            self.twins.CreateRelationship(
                twin_pb2.CreateRelationshipRequest(relationship=edge), timeout=60)
            self.twins.GetTwin(twin_pb2.GetTwinRequest(
                id=f"n{thread}-{dice.randrange(count)}"), timeout=60)
        if count % 200 == 199:
            self.twins.ListTwins(twin_pb2.ListTwinsRequest(page_size=1000), timeout=60)
            self.queries.Query(query_pb2.QueryRequest(
                query=f"SELECT * FROM DIGITALTWINS T WHERE T.number = {dice.randrange(count)}"),
                timeout=60)
        self.written[thread] += 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("server")
    parser.add_argument("--budget", type=int, default=256, help="megabytes")
    parser.add_argument("--seconds", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        server = subprocess.Popen(
            [options.server, "--data-dir", directory, "--listen", "127.0.0.1:0", "--log-level",
             "error", "--durability", "os", "--memory-budget", f"{options.budget}MB"],
            stdout=subprocess.PIPE, text=True)
        address = server.stdout.readline().split()[-1]
        idle = resident_bytes(server.pid)
        load = Load(address, time.monotonic() + options.seconds)
        threads = [threading.Thread(target=load.run, args=(i,)) for i in range(THREADS)]
        for thread in threads:
            thread.start()
        most = idle
        while any(thread.is_alive() for thread in threads):
            most = max(most, resident_bytes(server.pid))
            time.sleep(0.2)
        memory = load.admin.GetStatistics(admin_pb2.GetStatisticsRequest()).memory
        server.terminate()
        server.wait(timeout=60)
    if load.failed:
        sys.exit(f"a call failed: {load.failed[0]}")
    twins = sum(load.written)
    report = (f"{twins} twins, {twins * TEXT_BYTES >> 20} MB of text; at most {most >> 20} MB "
              f"resident (idle {idle >> 20}), {memory.store_bytes >> 20} of "
              f"{memory.store_limit_bytes >> 20} MB in the store; budget {options.budget} MB")
    if most > options.budget << 20:
        sys.exit(f"too much memory: {report}")
    print(report)


if __name__ == "__main__":
    main()
