-- What the primary starts with. The tables are the CDR worker's, which makes them.
CREATE ROLE replicator LOGIN REPLICATION PASSWORD '@REPLICATION_PASSWORD@';
CREATE ROLE akira LOGIN PASSWORD '@DATABASE_PASSWORD@';
CREATE ROLE akira_probe LOGIN PASSWORD '@PROBE_PASSWORD@' IN ROLE pg_monitor, pg_read_all_data;
ALTER ROLE postgres PASSWORD '@REPLICATION_PASSWORD@'; -- pg_rewind logs in with it
CREATE DATABASE akira OWNER akira;
