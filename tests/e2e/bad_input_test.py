"""Gives the real server what no client should send, and asks for a clear error.

Usage: bad_input_test.py SERVER

Each case must end with the expected code and reason; after all of them the
server must still answer, and end with status 0 and without a sanitizer's report
when it is told to stop. Needs TWINGRAPH_PYTHON, as scripts/test sets it; without
it the test is skipped.
"""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

SKIPPED = 77
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIMIT = 4 << 20  # bytes of one message, the server's default

if os.environ.get("TWINGRAPH_PYTHON") is None:
    print("skipped: TWINGRAPH_PYTHON is not set")
    sys.exit(SKIPPED)
if os.path.abspath(sys.executable) != os.path.abspath(os.environ["TWINGRAPH_PYTHON"]):
    os.execv(os.environ["TWINGRAPH_PYTHON"], [os.environ["TWINGRAPH_PYTHON"], *sys.argv])

import grpc  # noqa: E402  (of the environment that was just entered)
from google.rpc import error_details_pb2  # noqa: E402
from grpc_status import rpc_status  # noqa: E402
from grpc_tools import protoc  # noqa: E402

STUBS = tempfile.TemporaryDirectory()
protos = sorted(str(p) for p in (ROOT / "proto/twingraph/v1").glob("*.proto"))
if protoc.main(["protoc", f"-I{ROOT / 'proto'}", f"--python_out={STUBS.name}",
                f"--grpc_python_out={STUBS.name}", *protos]) != 0:
    sys.exit("the stubs could not be generated")
sys.path.insert(0, STUBS.name)

from twingraph.v1 import (  # noqa: E402
    admin_pb2, admin_pb2_grpc, connector_pb2, hub_pb2, hub_pb2_grpc, model_pb2,
    model_pb2_grpc, query_pb2, query_pb2_grpc, twin_pb2, twin_pb2_grpc)

MODEL = """{"@context": "dtmi:dtdl:context;3", "@id": "dtmi:bad:Room;1",
  "@type": "Interface", "contents": [
    {"@type": "Property", "name": "level", "schema": "integer"},
    {"@type": "Property", "name": "tags", "schema": {"@type": "Map",
      "mapKey": {"name": "k", "schema": "string"},
      "mapValue": {"name": "v", "schema": "integer"}}}]}"""
CODE = grpc.StatusCode


def reason_of(error):
    """The ErrorInfo of a failed call, read as any stock client reads it."""
    status = rpc_status.from_call(error)
    for detail in status.details if status else []:
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            info = error_details_pb2.ErrorInfo()
            detail.Unpack(info)
            return info
    return error_details_pb2.ErrorInfo()


class BadInputTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = tempfile.TemporaryFile(mode="w+")
        cls.server = subprocess.Popen(
            [SERVER, "--in-memory", "--listen", "127.0.0.1:0", "--log-level", "error"],
            stdout=subprocess.PIPE, stderr=cls.log, text=True)
        address = cls.server.stdout.readline().split()[-1]
        cls.channel = grpc.insecure_channel(address, options=[
            ("grpc.max_send_message_length", -1)])
        cls.models = model_pb2_grpc.ModelServiceStub(cls.channel)
        cls.twins = twin_pb2_grpc.TwinServiceStub(cls.channel)
        cls.hubs = hub_pb2_grpc.HubServiceStub(cls.channel)
        cls.queries = query_pb2_grpc.QueryServiceStub(cls.channel)
        cls.admin = admin_pb2_grpc.AdminServiceStub(cls.channel)
        cls.models.UploadModels(model_pb2.UploadModelsRequest(documents=[MODEL]))
        cls.hubs.AttachHub(hub_pb2.AttachHubRequest(hub=hub_pb2.Hub(id="h", kind="grpc")))

    @classmethod
    def tearDownClass(cls):
        cls.channel.close()
        cls.server.send_signal(signal.SIGTERM)
        code = cls.server.wait(timeout=60)
        cls.log.seek(0)
        report = cls.log.read()
        if code != 0 or "Sanitizer" in report or "runtime error" in report:
            raise AssertionError(f"the server ended with {code}:\n{report}")

    def tearDown(self):
        self.admin.Ping(admin_pb2.PingRequest(), timeout=20)

    def refuses(self, code, reason, call, *arguments):
        with self.assertRaises(grpc.RpcError) as caught:
            result = call(*arguments, timeout=60)
            if not hasattr(result, "SerializeToString") and not isinstance(result, bytes):
                list(result)
        self.assertEqual(caught.exception.code(), code, caught.exception)
        info = reason_of(caught.exception)
        self.assertEqual((info.domain, info.reason), ("twingraph", reason), caught.exception)
        return info.metadata

    def raw(self, method):
        return self.channel.unary_unary(f"/twingraph.v1.{method}")

    def test_bytes_that_are_no_message(self):
        good = twin_pb2.GetTwinRequest(id="room-1").SerializeToString()
        for bad in (good[:-1], b"\xff", b"\x0a\xff\xff\xff\xff\x0f"):
            self.refuses(CODE.INVALID_ARGUMENT, "MALFORMED_MESSAGE",
                         self.raw("TwinService/GetTwin"), bad)

    def test_text_that_is_not_utf8(self):
        self.refuses(CODE.INVALID_ARGUMENT, "INVALID_UTF8",
                     self.raw("TwinService/GetTwin"), b"\x0a\x02\xff\xfe")

    def test_messages_past_the_limit(self):
        twin = twin_pb2.Twin(id="big", model_id="dtmi:bad:Room;1")
        twin.contents["name"] = "x" * (LIMIT + 1)
        metadata = self.refuses(CODE.RESOURCE_EXHAUSTED, "MESSAGE_TOO_LARGE",
                                self.twins.CreateTwin, twin_pb2.CreateTwinRequest(twin=twin))
        self.assertEqual(metadata["limit_bytes"], str(LIMIT))

    def test_far_larger_messages_are_refused_and_harm_nobody(self):
        with self.assertRaises(grpc.RpcError) as caught:
            self.raw("TwinService/GetTwin")(b"\x0a" + b"\x00" * (5 * LIMIT), timeout=60)
        self.assertEqual(caught.exception.code(), CODE.RESOURCE_EXHAUSTED)

    def test_models_that_are_no_dtdl(self):
        for document, reason in (
                ("{", "INVALID_MODEL"),
                ("[1]", "INVALID_MODEL"),
                ("[" * 100_000, "INVALID_MODEL"),
                ('{"@context": "dtmi:dtdl:context;3", "@id": "dtmi:bad:A;1"}', "INVALID_MODEL"),
                (MODEL.replace("Room", "B").replace("integer", "whole"), "INVALID_MODEL"),
                (MODEL.replace("Room;1\"", "C;1\", \"extends\": \"dtmi:bad:Gone;1\""),
                 "MODEL_DEPENDENCY_MISSING")):
            self.refuses(CODE.INVALID_ARGUMENT, reason, self.models.UploadModels,
                         model_pb2.UploadModelsRequest(documents=[document]))

    def test_values_that_do_not_fit(self):
        for name, value in (("level", "high"), ("level", 1.5), ("level", 2**40),
                            ("colour", "red"), ("tags", {"a": "b"}), ("level", None)):
            twin = twin_pb2.Twin(id="room", model_id="dtmi:bad:Room;1")
            twin.contents[name] = value
            self.refuses(CODE.INVALID_ARGUMENT, "CONTENT_INVALID", self.twins.CreateTwin,
                         twin_pb2.CreateTwinRequest(twin=twin))

    def test_a_thousand_violations_in_one_request(self):
        twin = twin_pb2.Twin(id="room", model_id="dtmi:bad:Room;1")
        for i in range(1000):
            twin.contents[f"unknown{i}"] = i
        metadata = self.refuses(CODE.INVALID_ARGUMENT, "CONTENT_INVALID", self.twins.CreateTwin,
                                twin_pb2.CreateTwinRequest(twin=twin))
        self.assertEqual(metadata["violations"], "1000")

    def test_deep_values(self):
        twin = twin_pb2.Twin(id="room", model_id="dtmi:bad:Room;1")
        inner = twin.contents
        for _ in range(25):  # the stock client reads no deeper
            inner = inner.get_or_create_struct("a")
        self.refuses(CODE.INVALID_ARGUMENT, "CONTENT_INVALID", self.twins.CreateTwin,
                     twin_pb2.CreateTwinRequest(twin=twin))

    def test_ids_that_name_nothing(self):
        self.refuses(CODE.NOT_FOUND, "TWIN_NOT_FOUND", self.twins.GetTwin,
                     twin_pb2.GetTwinRequest(id="nowhere"))
        self.refuses(CODE.NOT_FOUND, "MODEL_NOT_FOUND", self.models.GetModel,
                     model_pb2.GetModelRequest(id="dtmi:no:Where;1"))
        self.refuses(CODE.NOT_FOUND, "HUB_NOT_FOUND", self.hubs.GetHub,
                     hub_pb2.GetHubRequest(id="nowhere"))
        self.refuses(CODE.NOT_FOUND, "MODEL_NOT_FOUND", self.twins.CreateTwin,
                     twin_pb2.CreateTwinRequest(
                         twin=twin_pb2.Twin(id="a", model_id="dtmi:no:Where;1")))
        self.refuses(CODE.INVALID_ARGUMENT, "INVALID_FIELD", self.twins.CreateTwin,
                     twin_pb2.CreateTwinRequest(
                         twin=twin_pb2.Twin(id="a b", model_id="dtmi:bad:Room;1")))

    def test_queries_that_are_none(self):
        for text in ("", "foo", "SELECT * FROM TWINS", "SELECT * FROM DIGITALTWINS WHERE " +
                     "(" * 3000, "SELECT * FROM DIGITALTWINS WHERE name = 'x", "\x00" * 50):
            metadata = self.refuses(CODE.INVALID_ARGUMENT, "INVALID_QUERY", self.queries.Query,
                                    query_pb2.QueryRequest(query=text))
            self.assertGreaterEqual(int(metadata["column"]), 1)

    def test_page_tokens_that_are_forged(self):
        for token in ("x", "AAAA", "e30="):
            self.refuses(CODE.INVALID_ARGUMENT, "INVALID_PAGE_TOKEN", self.twins.ListTwins,
                         twin_pb2.ListTwinsRequest(page_token=token))

    def test_a_hub_stream_with_broken_bytes_in_the_middle(self):
        hello = connector_pb2.ConnectRequest(sequence=1, hello=connector_pb2.Hello(
            protocol_versions=[1], hub_id="h", connector=connector_pb2.ConnectorIdentity(
                name="bad input", instance_id="1")))
        begin = connector_pb2.ConnectRequest(
            sequence=2, snapshot_begin=connector_pb2.SnapshotBegin(snapshot_id="s"))
        frames = [hello.SerializeToString(), begin.SerializeToString(),
                  begin.SerializeToString()[:-1]]
        self.refuses(CODE.INVALID_ARGUMENT, "MALFORMED_MESSAGE",
                     self.channel.stream_stream("/twingraph.v1.ConnectorService/Connect"),
                     iter(frames))

    def test_a_hub_stream_that_begins_without_hello(self):
        begin = connector_pb2.ConnectRequest(
            sequence=1, snapshot_begin=connector_pb2.SnapshotBegin(snapshot_id="s"))
        self.refuses(CODE.INVALID_ARGUMENT, "CONNECTOR_PROTOCOL",
                     self.channel.stream_stream("/twingraph.v1.ConnectorService/Connect"),
                     iter([begin.SerializeToString()]))


if __name__ == "__main__":
    SERVER = sys.argv.pop(1)
    unittest.main()
