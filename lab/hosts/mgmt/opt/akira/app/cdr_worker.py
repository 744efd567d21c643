"""The lab's CDR worker: takes call records from the stream AKIRA_CDR and writes them to PostgreSQL.

It keeps the order: a record that it cannot read stops it there, and says so every two seconds. A batch is one
transaction; it is acknowledged when that is committed, and a record that comes twice is there once.
"""

import json
import os
import signal
import sys
import time

import psycopg2
import psycopg2.extras

from jetstream import Gone, JetStream, Refused

STREAM, CONSUMER, BATCH = "AKIRA_CDR", "cdr_worker", 500
TABLES = """
CREATE TABLE IF NOT EXISTS cdr (
    call_uid text NOT NULL,
    type text NOT NULL,
    stream_seq bigint NOT NULL,
    at timestamptz NOT NULL,
    record jsonb NOT NULL,
    PRIMARY KEY (call_uid, type)
);
CREATE INDEX IF NOT EXISTS cdr_at ON cdr (at);
CREATE TABLE IF NOT EXISTS ingest_state (consumer text PRIMARY KEY, last_seq bigint NOT NULL, at timestamptz NOT NULL);
"""


def say(text):
    print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), text)


def row(seq, payload):
    """Raises ValueError, KeyError or TypeError when it is no call record."""
    record = json.loads(payload)
    if record["type"] == "heartbeat":
        return None
    at = record["t_final" if record["type"] == "setup" else "t_end"]
    return record["call_uid"], record["type"], seq, at / 1e6, json.dumps(record)


def connect_stream():
    stream = JetStream(os.environ["AKIRA_NATS"])
    stream.ask("STREAM.CREATE." + STREAM, {"name": STREAM, "subjects": ["akira.cdr.*"], "storage": "file", "max_bytes": 1 << 30})
    stream.ask(
        f"CONSUMER.DURABLE.CREATE.{STREAM}.{CONSUMER}",
        {
            "stream_name": STREAM,
            "config": {"durable_name": CONSUMER, "deliver_policy": "all", "ack_policy": "explicit", "ack_wait": 15_000_000_000},
        },
    )
    return stream


def fetch(stream):
    """What is there, at most BATCH: [(reply, stream sequence, payload)]. Waits up to five seconds for the first."""
    for request in ({"batch": BATCH, "no_wait": True}, {"batch": 1, "expires": 5_000_000_000}):
        stream.publish(f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{CONSUMER}", json.dumps(request).encode(), stream.inbox + ".next")
        messages = []
        while len(messages) < request["batch"]:
            _, reply, status, payload = stream.next(10)
            if status:
                break
            messages.append((reply, int(reply.split(".")[5]), payload))
        if messages:
            return messages
    return []


def write(database, rows, last_seq):
    with database, database.cursor() as cursor:
        psycopg2.extras.execute_values(
            cursor,
            "INSERT INTO cdr (call_uid, type, stream_seq, at, record) VALUES %s ON CONFLICT DO NOTHING",
            rows,
            "(%s, %s, %s, to_timestamp(%s), %s)",
            BATCH,
        )
        cursor.execute(
            "INSERT INTO ingest_state VALUES (%s, %s, now()) ON CONFLICT (consumer) DO UPDATE"
            " SET last_seq = greatest(ingest_state.last_seq, excluded.last_seq), at = excluded.at",
            (CONSUMER, last_seq),
        )


def work():
    database = psycopg2.connect(os.environ["AKIRA_DATABASE"] + " options='-c statement_timeout=10000' tcp_user_timeout=5000")
    with database, database.cursor() as cursor:
        cursor.execute(TABLES)
    stream = connect_stream()
    say("connected to the database and to the stream")
    written, told = 0, time.monotonic()
    while True:
        messages, rows, poison = fetch(stream), [], None
        good = len(messages)
        for index, (_, seq, payload) in enumerate(messages):
            try:
                rows.append(row(seq, payload))
            except (ValueError, KeyError, TypeError) as error:
                good, poison = index, f"stuck: message {seq} is no call record ({type(error).__name__}: {error}): {payload[:80]!r}"
                break
        if good:
            rows = [r for r in rows if r]
            write(database, rows, messages[good - 1][1])
            stream.publish_all([(reply, b"+ACK") for reply, _, _ in messages[:good]])
            written += len(rows)
        if poison:
            stream.publish_all([(reply, b"-NAK") for reply, _, _ in messages[good:]])
            say(poison)
            time.sleep(2)
        if time.monotonic() - told > 10:
            say(f"{written} records written, up to message {messages[good - 1][1]}" if good else "nothing to write")
            written, told = 0, time.monotonic()


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # what is not acknowledged comes again
while True:
    try:
        work()
    except (Gone, Refused, psycopg2.Error) as error:
        say(f"{type(error).__name__}: {str(error).strip()}; trying again")
        time.sleep(1)
