"""Parses a request of OTLP's JSON as a server does: with OpenTelemetry's own description of the messages, and strictly.

Called with `metrics` or `traces`; reads the request from standard input. Prints it as protobuf's JSON with base64 ids as
hex again, or fails with the parser's message.
"""

import base64
import json
import re
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2

MESSAGES = {
    "metrics": metrics_service_pb2.ExportMetricsServiceRequest,
    "traces": trace_service_pb2.ExportTraceServiceRequest,
}
# OTLP writes ids in hex, where protobuf's own JSON has base64. Bytes of each.
IDS = {"traceId": 16, "spanId": 8, "parentSpanId": 8}


def convert(value, to_base64):
    if isinstance(value, list):
        return [convert(each, to_base64) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: convert_id(key, each, to_base64) if key in IDS else convert(each, to_base64)
        for key, each in value.items()
    }


def convert_id(key, value, to_base64):
    if not to_base64:
        return base64.b64decode(value).hex()
    if not re.fullmatch(r"[0-9a-f]{%d}" % (2 * IDS[key]), value):
        sys.exit(f"{key} is not hex of {IDS[key]} bytes: {value}")
    return base64.b64encode(bytes.fromhex(value)).decode()


def refuse_wrong_json(value):
    """Protobuf's parser also takes names of enums, and field names with underscores. OTLP allows neither."""
    if isinstance(value, list):
        for each in value:
            refuse_wrong_json(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if "_" in key:
                sys.exit(f"{key} is not in lower camel case")
            if key in ("kind", "aggregationTemporality", "code") and not isinstance(each, int):
                sys.exit(f"{key} is not a number")
            refuse_wrong_json(each)


request = json.load(sys.stdin)
refuse_wrong_json(request)
message = MESSAGES[sys.argv[1]]()
try:
    json_format.ParseDict(convert(request, True), message)
except json_format.ParseError as error:
    sys.exit(str(error))
print(json.dumps(convert(json_format.MessageToDict(message), False)))
