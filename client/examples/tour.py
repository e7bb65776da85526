"""The Python part of the tour in README.md: stock stubs, nothing of ours.

Usage: python client/examples/tour.py HOST:PORT
"""

import sys

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from twingraph.v1 import query_pb2, query_pb2_grpc, twin_pb2, twin_pb2_grpc


def main(address):
    channel = grpc.insecure_channel(address)
    twins = twin_pb2_grpc.TwinServiceStub(channel)
    queries = query_pb2_grpc.QueryServiceStub(channel)

    kitchen = twins.GetTwin(twin_pb2.GetTwinRequest(id="kitchen")).twin
    print(kitchen.id, "has", kitchen.contents["temperature"], "degrees")

    # Content is a google.protobuf.Struct: a dict in Python.
    bath = twin_pb2.Twin(id="bath", model_id="dtmi:tour:Room;1")
    bath.contents.update({"name": "Bath", "temperature": 24})
    twins.ReplaceTwin(twin_pb2.ReplaceTwinRequest(twin=bath, allow_missing=True))

    query = "SELECT room.$dtId, room.temperature FROM DIGITALTWINS room WHERE room.temperature > 20"
    for message in queries.Query(query_pb2.QueryRequest(query=query)):
        for row in message.rows:
            print(row.values[0].string_value, row.values[1].number_value)

    # Every error says why in a form for programs.
    try:
        twins.GetTwin(twin_pb2.GetTwinRequest(id="attic"))
    except grpc.RpcError as error:
        info = error_details_pb2.ErrorInfo()
        for detail in rpc_status.from_call(error).details:
            if detail.Unpack(info):
                print(error.code().name, info.reason, dict(info.metadata))


if __name__ == "__main__":
    main(sys.argv[1])
