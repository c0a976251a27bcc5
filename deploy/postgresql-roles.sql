-- A role for the service that can add to the decision log and change nothing in it.
--
-- Run this as the owner of the tables, in the database of the log, once the tables are there and again after every
-- upgrade that brings new ones:
--
--   psql -d deelwijzer -f deploy/postgresql-roles.sql
--   psql -d deelwijzer -c "CREATE USER dienst PASSWORD '…' IN ROLE deelwijzer_dienst"
--
-- Give the service the URL of that user. The owner keeps what the service cannot do: upgrading, `log purge`, `log erase` and
-- `sleutel`. docs/decision-log.md says more.

DO $$
BEGIN
    CREATE ROLE deelwijzer_dienst NOLOGIN;
EXCEPTION WHEN duplicate_object THEN NULL;
END
$$;

REVOKE ALL ON besluit, stuk, ketenstand, beleid, instelling, sleutel, alembic_version FROM deelwijzer_dienst;
GRANT SELECT ON besluit, stuk, ketenstand, beleid, instelling, sleutel, alembic_version TO deelwijzer_dienst;

-- Records, and the texts of each law: added, never changed and never deleted.
GRANT INSERT ON besluit, stuk, beleid, instelling TO deelwijzer_dienst;

-- The end of the chain moves; its beginning only when the owner purges.
GRANT UPDATE (nr, hash) ON ketenstand TO deelwijzer_dienst;

-- Which law every process must serve may change; the key of the pseudonyms may not. The owner is not bound by this.
GRANT UPDATE (waarde) ON instelling TO deelwijzer_dienst;
ALTER TABLE instelling ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS deelwijzer_lezen ON instelling;
DROP POLICY IF EXISTS deelwijzer_toevoegen ON instelling;
DROP POLICY IF EXISTS deelwijzer_wijzigen ON instelling;
CREATE POLICY deelwijzer_lezen ON instelling FOR SELECT USING (true);
CREATE POLICY deelwijzer_toevoegen ON instelling FOR INSERT WITH CHECK (true);
CREATE POLICY deelwijzer_wijzigen ON instelling FOR UPDATE USING (naam <> 'betrokkene') WITH CHECK (naam <> 'betrokkene');
