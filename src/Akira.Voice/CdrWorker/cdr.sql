-- What the CDR worker writes to. It runs this at its start; every statement may run again.

-- A call's setup and its end are two rows. t_invite is part of their identity: call_uid is computed from it, and a unique key must hold
-- the column that the table is partitioned by.
CREATE TABLE IF NOT EXISTS cdr (
    call_uid text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    t_invite timestamptz NOT NULL,
    leg integer,
    attempt integer,
    is_last boolean,
    call_id text,
    from_tag text,
    to_tag text,
    node text,
    node_epoch bigint,
    node_seq bigint,
    t_ring timestamptz,
    t_early timestamptz,
    t_answer timestamptz,
    t_final timestamptz,
    t_end timestamptz,
    t_emit timestamptz,
    sip_code integer,
    q850 integer,
    code_origin text,
    disconnect_by text,
    customer text,
    trunk_in text,
    trunk_out text,
    src text,
    dst text,
    config_version text,
    rate numeric,
    currency text,
    stream_seq bigint NOT NULL,
    PRIMARY KEY (call_uid, type, t_invite)
) PARTITION BY RANGE (t_invite);

-- Whatever no day's partition takes: very late records.
CREATE TABLE IF NOT EXISTS cdr_default PARTITION OF cdr DEFAULT;

-- What was no call record, as it came, with the reason.
CREATE TABLE IF NOT EXISTS cdr_dead_letter (
    stream_seq bigint NOT NULL,
    published_at timestamptz NOT NULL,
    subject text NOT NULL,
    reason text NOT NULL,
    payload bytea NOT NULL,
    PRIMARY KEY (stream_seq, published_at)
);

-- How far a consumer has come. It moves forward only.
CREATE TABLE IF NOT EXISTS ingest_state (
    consumer text PRIMARY KEY,
    last_seq bigint NOT NULL,
    at timestamptz NOT NULL
);

-- What each node says it has sent, against what has come. A node counts from 1 in each epoch.
CREATE TABLE IF NOT EXISTS cdr_node (
    node text NOT NULL,
    node_epoch bigint NOT NULL,
    received bigint NOT NULL,
    last_seq bigint NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (node, node_epoch)
);
