-- What the backend keeps. It runs this at its start, after the CDR worker's cdr.sql; every statement may run again.

CREATE TABLE IF NOT EXISTS customer (
    id text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    currency text NOT NULL,
    email text,
    note text,
    archived boolean NOT NULL,
    version integer NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL
);

CREATE TABLE IF NOT EXISTS trunk (
    id text COLLATE "C" PRIMARY KEY,
    name text NOT NULL,
    host text NOT NULL,
    port integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
    transport text NOT NULL CHECK (transport IN ('udp', 'tcp', 'tls')),
    enabled boolean NOT NULL,
    note text,
    archived boolean NOT NULL,
    version integer NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL
);

-- The number of a route is that of its set in Kamailio's dispatcher.
CREATE SEQUENCE IF NOT EXISTS route_id AS integer;
CREATE TABLE IF NOT EXISTS route (
    id text COLLATE "C" PRIMARY KEY,
    prefix text COLLATE "C" NOT NULL CHECK (prefix ~ '^[0-9]*$'),
    trunks text[] NOT NULL,
    overflow text COLLATE "C" REFERENCES route (id),
    note text,
    archived boolean NOT NULL,
    version integer NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS route_prefix ON route (prefix) WHERE NOT archived;

CREATE SEQUENCE IF NOT EXISTS rate_id AS integer;
CREATE TABLE IF NOT EXISTS rate (
    id text COLLATE "C" PRIMARY KEY,
    customer text COLLATE "C" REFERENCES customer (id),
    prefix text COLLATE "C" NOT NULL CHECK (prefix ~ '^[0-9]*$'),
    per_minute numeric(10, 6) NOT NULL CHECK (per_minute >= 0),
    currency text NOT NULL,
    "from" date NOT NULL,
    note text,
    archived boolean NOT NULL,
    version integer NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by text NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS rate_of ON rate (coalesce(customer, ''), prefix, "from") WHERE NOT archived;

CREATE TABLE IF NOT EXISTS audit (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    by text NOT NULL,
    what text NOT NULL,
    kind text NOT NULL,
    id text NOT NULL,
    before jsonb,
    after jsonb
);
CREATE INDEX IF NOT EXISTS audit_of ON audit (kind, id, seq);

CREATE TABLE IF NOT EXISTS deploy (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version text NOT NULL,
    service text,
    at timestamptz NOT NULL,
    by text NOT NULL
);
CREATE INDEX IF NOT EXISTS deploy_at ON deploy (at);

CREATE TABLE IF NOT EXISTS account (
    name text COLLATE "C" PRIMARY KEY,
    role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    password text, -- a hash; null: only OIDC opens it
    archived boolean NOT NULL DEFAULT false,
    last_login_at timestamptz
);

-- Log-ins, by the hash of their token.
CREATE TABLE IF NOT EXISTS session (
    hash text COLLATE "C" PRIMARY KEY,
    account text COLLATE "C" NOT NULL REFERENCES account (name),
    expires_at timestamptz NOT NULL
);

-- The way back from OIDC: exchanged for a session, once.
CREATE TABLE IF NOT EXISTS login_code (
    hash text COLLATE "C" PRIMARY KEY,
    account text COLLATE "C" NOT NULL REFERENCES account (name),
    expires_at timestamptz NOT NULL
);

-- For programs: they end when they are revoked.
CREATE TABLE IF NOT EXISTS token (
    name text COLLATE "C" PRIMARY KEY,
    role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
    hash text COLLATE "C" NOT NULL UNIQUE,
    created_at timestamptz NOT NULL
);
