-- The handbook's guarantees, kept by the database itself: what proves something can't be changed.

-- Reminder and escalation sweeps look only at open requests.
CREATE INDEX "handbook_assignment_due_stage" ON "handbook_assignment" ("organisationId", "nextStageAt")
  WHERE "state" = 'open' AND "nextStageAt" IS NOT NULL;
CREATE INDEX "handbook_assignment_overdue" ON "handbook_assignment" ("organisationId", "dueOn")
  WHERE "state" = 'open' AND "escalatedAt" IS NULL;
CREATE INDEX "handbook_question_unanswered" ON "handbook_question" ("organisationId", "askedAt")
  WHERE "answeredAt" IS NULL;

-- A published version: only its state, due date and housekeeping may change; it never becomes a draft again.
CREATE FUNCTION handbook_version_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."state" = 'draft' THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'A published version of the handbook is kept.' USING ERRCODE = 'restrict_violation';
  END IF;
  IF (to_jsonb(OLD) - ARRAY['state', 'dueOn', 'closedAt', 'closedById', 'closedReason', 'askedCount', 'lastManualReminderOn'])
    IS DISTINCT FROM
     (to_jsonb(NEW) - ARRAY['state', 'dueOn', 'closedAt', 'closedById', 'closedReason', 'askedCount', 'lastManualReminderOn'])
  THEN
    RAISE EXCEPTION 'A published version of the handbook cannot be changed.' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW."state" = 'draft' OR (OLD."state" <> 'published' AND NEW."state" <> OLD."state") THEN
    RAISE EXCEPTION 'A version of the handbook cannot go from % to %.', OLD."state", NEW."state" USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "handbook_version_immutable" BEFORE UPDATE OR DELETE ON "handbook_version"
  FOR EACH ROW EXECUTE FUNCTION handbook_version_immutable();

-- Its clauses and pages: not at all. (A draft's go with the draft: its row is gone by the time that the cascade comes here.)
CREATE FUNCTION handbook_text_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched record;
BEGIN
  IF TG_OP = 'INSERT' THEN touched := NEW; ELSE touched := OLD; END IF;
  IF EXISTS (
    SELECT 1 FROM "handbook_version" v
    WHERE v."organisationId" = touched."organisationId" AND v."id" = touched."versionId" AND v."state" <> 'draft'
  ) THEN
    RAISE EXCEPTION 'The text of a published version cannot be changed.' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "handbook_clause_immutable" BEFORE INSERT OR UPDATE OR DELETE ON "handbook_clause"
  FOR EACH ROW EXECUTE FUNCTION handbook_text_immutable();
CREATE TRIGGER "handbook_page_immutable" BEFORE INSERT OR UPDATE OR DELETE ON "handbook_page"
  FOR EACH ROW EXECUTE FUNCTION handbook_text_immutable();

-- The chain of signatures: append-only.
CREATE FUNCTION handbook_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The record of signatures is append-only.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "handbook_acknowledgement_append_only" BEFORE UPDATE OR DELETE ON "handbook_acknowledgement"
  FOR EACH ROW EXECUTE FUNCTION handbook_append_only();
CREATE TRIGGER "handbook_acknowledgement_no_truncate" BEFORE TRUNCATE ON "handbook_acknowledgement"
  FOR EACH STATEMENT EXECUTE FUNCTION handbook_append_only();

-- Names and words: never changed, and deleted only by an erasure, which says so for its own transaction.
CREATE FUNCTION handbook_detail_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('bellhop.erasing', true) = 'on' THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'The details of a signature are kept; only an erasure may delete them.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "handbook_detail_kept" BEFORE UPDATE OR DELETE ON "handbook_acknowledgement_detail"
  FOR EACH ROW EXECUTE FUNCTION handbook_detail_kept();
CREATE TRIGGER "handbook_detail_no_truncate" BEFORE TRUNCATE ON "handbook_acknowledgement_detail"
  FOR EACH STATEMENT EXECUTE FUNCTION handbook_append_only();

-- An instant as the chain writes it: `2026-11-22T10:00:00.000Z` (chain.ts makes the same).
CREATE FUNCTION handbook_instant(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- Appends a signature to its organisation's chain. To be called last in its transaction: it locks the chain's head,
-- and everybody else who signs waits from here to the commit. The row that is hashed is chain.ts' canonicalRow.
CREATE FUNCTION handbook_append_acknowledgement(
  p_organisation uuid, p_id uuid, p_assignment uuid, p_version uuid, p_person uuid, p_version_sha256 text, p_platform text,
  p_viewed timestamptz, p_consented timestamptz, p_signed timestamptz, p_detail_digest text, p_salt text, p_typed_name text,
  p_profile_name text, p_workspace_external text, p_account_external text, p_statement text, p_agreement text
) RETURNS TABLE (seq bigint, hash text) LANGUAGE plpgsql AS $$
DECLARE
  v_seq bigint;
  v_previous text;
  v_hash text;
BEGIN
  SELECT h."seq" + 1, h."hash" INTO v_seq, v_previous
    FROM "handbook_chain_head" h WHERE h."organisationId" = p_organisation FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO "handbook_chain_head" ("organisationId", "seq", "hash") VALUES (p_organisation, 0, repeat('0', 64))
      ON CONFLICT DO NOTHING;
    SELECT h."seq" + 1, h."hash" INTO v_seq, v_previous
      FROM "handbook_chain_head" h WHERE h."organisationId" = p_organisation FOR UPDATE;
  END IF;
  v_hash := encode(sha256(convert_to(concat_ws(E'\n',
    'bellhop-acknowledgement-1', p_organisation, v_seq, p_id, p_assignment, p_version, p_person, p_version_sha256, p_platform,
    p_detail_digest, handbook_instant(p_viewed), handbook_instant(p_consented), handbook_instant(p_signed), v_previous
  ), 'UTF8')), 'hex');
  INSERT INTO "handbook_acknowledgement" (
    "organisationId", "id", "seq", "assignmentId", "versionId", "personId", "versionSha256", "platform", "detailDigest",
    "viewedAt", "consentedAt", "signedAt", "previousHash", "hash"
  ) VALUES (
    p_organisation, p_id, v_seq, p_assignment, p_version, p_person, p_version_sha256, p_platform::"Platform", p_detail_digest,
    p_viewed, p_consented, p_signed, v_previous, v_hash
  );
  INSERT INTO "handbook_acknowledgement_detail" (
    "organisationId", "acknowledgementId", "salt", "typedName", "profileName", "workspaceExternalId", "accountExternalId",
    "statement", "agreement"
  ) VALUES (
    p_organisation, p_id, p_salt, p_typed_name, p_profile_name, p_workspace_external, p_account_external, p_statement, p_agreement
  );
  UPDATE "handbook_chain_head" h SET "seq" = v_seq, "hash" = v_hash WHERE h."organisationId" = p_organisation;
  RETURN QUERY SELECT v_seq, v_hash;
END $$;
