-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "DeliveryState" AS ENUM ('pending', 'sending', 'sent', 'dropped', 'skipped', 'merged', 'dead');

-- CreateEnum
CREATE TYPE "JobState" AS ENUM ('pending', 'running', 'done', 'dead');

-- CreateEnum
CREATE TYPE "VersionState" AS ENUM ('draft', 'published', 'superseded', 'withdrawn');

-- CreateEnum
CREATE TYPE "AssignmentState" AS ENUM ('open', 'signed', 'declined', 'exempt', 'superseded', 'withdrawn', 'left');

-- CreateEnum
CREATE TYPE "Platform" AS ENUM ('slack', 'teams');

-- CreateEnum
CREATE TYPE "Role" AS ENUM ('employee', 'manager', 'owner');

-- CreateEnum
CREATE TYPE "PersonStatus" AS ENUM ('active', 'left');

-- CreateEnum
CREATE TYPE "ChannelKind" AS ENUM ('channel', 'group');

-- CreateEnum
CREATE TYPE "AudienceKind" AS ENUM ('everyone', 'channel', 'team', 'role', 'location', 'people');

-- CreateTable
CREATE TABLE "delivery" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "subjectKey" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "priority" SMALLINT NOT NULL,
    "capped" BOOLEAN NOT NULL DEFAULT false,
    "anyHour" BOOLEAN NOT NULL DEFAULT false,
    "personId" UUID,
    "channelId" UUID,
    "state" "DeliveryState" NOT NULL DEFAULT 'pending',
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "heldUntil" TIMESTAMPTZ(3),
    "expiresAt" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "claimedBy" TEXT,
    "leaseUntil" TIMESTAMPTZ(3),
    "attemptedAt" TIMESTAMPTZ(3),
    "capDay" DATE,
    "overCap" BOOLEAN NOT NULL DEFAULT false,
    "progressOf" TEXT,
    "accountId" UUID,
    "workspaceId" UUID,
    "conversationId" TEXT,
    "externalId" TEXT,
    "sentAt" TIMESTAMPTZ(3),
    "possibleRepeats" INTEGER NOT NULL DEFAULT 0,
    "mergedIntoId" UUID,
    "lastError" TEXT,
    "lastErrorDetail" TEXT,
    "refreshDueAt" TIMESTAMPTZ(3),
    "refreshedAt" TIMESTAMPTZ(3),
    "refreshAttempts" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "settledAt" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "job" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "subjectKey" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "cursor" JSONB,
    "state" "JobState" NOT NULL DEFAULT 'pending',
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "claimedBy" TEXT,
    "leaseUntil" TIMESTAMPTZ(3),
    "lastError" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "doneAt" TIMESTAMPTZ(3),

    CONSTRAINT "job_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "pace" (
    "scope" TEXT NOT NULL,
    "nextAt" TIMESTAMPTZ(6) NOT NULL,
    "pausedUntil" TIMESTAMPTZ(6),

    CONSTRAINT "pace_pkey" PRIMARY KEY ("scope")
);

-- CreateTable
CREATE TABLE "handled" (
    "onceKey" TEXT NOT NULL,
    "answer" JSONB,
    "claimedBy" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "doneAt" TIMESTAMPTZ(3),

    CONSTRAINT "handled_pkey" PRIMARY KEY ("onceKey")
);

-- CreateTable
CREATE TABLE "handbook_document" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "createdById" UUID NOT NULL,

    CONSTRAINT "handbook_document_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "handbook_version" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "documentId" UUID NOT NULL,
    "number" INTEGER,
    "state" "VersionState" NOT NULL DEFAULT 'draft',
    "title" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "statement" TEXT NOT NULL,
    "audienceKind" "AudienceKind" NOT NULL,
    "audienceTarget" TEXT,
    "audiencePeople" UUID[] DEFAULT ARRAY[]::UUID[],
    "effectiveOn" DATE NOT NULL,
    "dueOn" DATE NOT NULL,
    "joinerDays" INTEGER NOT NULL DEFAULT 14,
    "pageCount" INTEGER NOT NULL,
    "readingMinutes" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "createdById" UUID NOT NULL,
    "publishedAt" TIMESTAMPTZ(3),
    "publishedById" UUID,
    "closedAt" TIMESTAMPTZ(3),
    "closedById" UUID,
    "closedReason" TEXT,
    "askedCount" INTEGER,
    "lastManualReminderOn" DATE,

    CONSTRAINT "handbook_version_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "handbook_clause" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "versionId" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "number" TEXT NOT NULL,
    "heading" TEXT NOT NULL,
    "body" JSONB NOT NULL,
    "firstPage" INTEGER NOT NULL,
    "lastPage" INTEGER NOT NULL,

    CONSTRAINT "handbook_clause_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "handbook_page" (
    "organisationId" UUID NOT NULL,
    "versionId" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "parts" JSONB NOT NULL,

    CONSTRAINT "handbook_page_pkey" PRIMARY KEY ("organisationId","versionId","number")
);

-- CreateTable
CREATE TABLE "handbook_assignment" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "versionId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "state" "AssignmentState" NOT NULL DEFAULT 'open',
    "dueOn" DATE NOT NULL,
    "askedAt" TIMESTAMPTZ(3) NOT NULL,
    "pagesOpened" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
    "pagesOpenedAt" TIMESTAMPTZ(3)[] DEFAULT ARRAY[]::TIMESTAMPTZ(3)[],
    "firstViewedAt" TIMESTAMPTZ(3),
    "lastViewedAt" TIMESTAMPTZ(3),
    "closedAt" TIMESTAMPTZ(3),
    "declineReason" TEXT,
    "exemptReason" TEXT,
    "exemptById" UUID,
    "nextStage" INTEGER,
    "nextStageAt" TIMESTAMPTZ(3),
    "escalatedAt" TIMESTAMPTZ(3),

    CONSTRAINT "handbook_assignment_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "handbook_acknowledgement" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "assignmentId" UUID NOT NULL,
    "versionId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "versionSha256" TEXT NOT NULL,
    "platform" "Platform" NOT NULL,
    "detailDigest" TEXT NOT NULL,
    "viewedAt" TIMESTAMPTZ(3) NOT NULL,
    "consentedAt" TIMESTAMPTZ(3) NOT NULL,
    "signedAt" TIMESTAMPTZ(3) NOT NULL,
    "previousHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "handbook_acknowledgement_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "handbook_acknowledgement_detail" (
    "organisationId" UUID NOT NULL,
    "acknowledgementId" UUID NOT NULL,
    "salt" TEXT NOT NULL,
    "typedName" TEXT NOT NULL,
    "profileName" TEXT NOT NULL,
    "workspaceExternalId" TEXT NOT NULL,
    "accountExternalId" TEXT NOT NULL,
    "statement" TEXT NOT NULL,
    "agreement" TEXT NOT NULL,

    CONSTRAINT "handbook_acknowledgement_detail_pkey" PRIMARY KEY ("organisationId","acknowledgementId")
);

-- CreateTable
CREATE TABLE "handbook_chain_head" (
    "organisationId" UUID NOT NULL,
    "seq" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "handbook_chain_head_pkey" PRIMARY KEY ("organisationId")
);

-- CreateTable
CREATE TABLE "handbook_question" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "versionId" UUID NOT NULL,
    "clauseId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "words" TEXT NOT NULL,
    "askedAt" TIMESTAMPTZ(3) NOT NULL,
    "answer" TEXT,
    "answeredAt" TIMESTAMPTZ(3),
    "answeredById" UUID,

    CONSTRAINT "handbook_question_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "organisation" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "zone" TEXT NOT NULL DEFAULT 'UTC',
    "locale" TEXT NOT NULL DEFAULT 'en',
    "country" TEXT,
    "workStart" INTEGER NOT NULL DEFAULT 540,
    "workEnd" INTEGER NOT NULL DEFAULT 1020,
    "workDays" INTEGER[] DEFAULT ARRAY[1, 2, 3, 4, 5]::INTEGER[],
    "dailyCap" INTEGER NOT NULL DEFAULT 5,
    "guestsAllowed" BOOLEAN NOT NULL DEFAULT false,
    "announcementsChannelId" UUID,
    "managersChannelId" UUID,
    "keyDigest" TEXT,
    "firstRunAskedAt" TIMESTAMPTZ(3),
    "firstRunDoneAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workspace" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "platform" "Platform" NOT NULL,
    "externalId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "botExternalId" TEXT,
    "serviceUrl" TEXT,
    "installedAt" TIMESTAMPTZ(3) NOT NULL,
    "removedAt" TIMESTAMPTZ(3),
    "membersSyncedAt" TIMESTAMPTZ(3),

    CONSTRAINT "workspace_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "team" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "team_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "location" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "zone" TEXT,
    "country" TEXT,
    "locale" TEXT,
    "workStart" INTEGER,
    "workEnd" INTEGER,
    "workDays" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "location_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "person" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "role" "Role" NOT NULL DEFAULT 'employee',
    "status" "PersonStatus" NOT NULL DEFAULT 'active',
    "emailHash" TEXT,
    "emailCipher" TEXT,
    "lineManagerId" UUID,
    "teamId" UUID,
    "locationId" UUID,
    "locale" TEXT,
    "joinedAt" TIMESTAMPTZ(3) NOT NULL,
    "leftAt" TIMESTAMPTZ(3),
    "erasedAt" TIMESTAMPTZ(3),
    "welcomedAt" TIMESTAMPTZ(3),

    CONSTRAINT "person_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "account" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "workspaceId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "externalId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "locale" TEXT,
    "zone" TEXT,
    "isAdmin" BOOLEAN NOT NULL DEFAULT false,
    "isGuest" BOOLEAN NOT NULL DEFAULT false,
    "status" "PersonStatus" NOT NULL DEFAULT 'active',
    "emailHash" TEXT,
    "directConversationId" TEXT,
    "serviceUrl" TEXT,
    "userExternalId" TEXT,
    "lastUsedAt" TIMESTAMPTZ(3),
    "unreachableReason" TEXT,
    "unreachableSince" TIMESTAMPTZ(3),
    "seenAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "channel" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "workspaceId" UUID NOT NULL,
    "externalId" TEXT NOT NULL,
    "kind" "ChannelKind" NOT NULL DEFAULT 'channel',
    "name" TEXT NOT NULL,
    "parentExternalId" TEXT,
    "serviceUrl" TEXT,
    "botIsMember" BOOLEAN NOT NULL DEFAULT false,
    "isPrivate" BOOLEAN NOT NULL DEFAULT false,
    "archivedAt" TIMESTAMPTZ(3),
    "membersSyncedAt" TIMESTAMPTZ(3),
    "unreachableReason" TEXT,
    "unreachableSince" TIMESTAMPTZ(3),

    CONSTRAINT "channel_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "channel_member" (
    "organisationId" UUID NOT NULL,
    "channelId" UUID NOT NULL,
    "accountId" UUID NOT NULL,
    "seenAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "channel_member_pkey" PRIMARY KEY ("organisationId","channelId","accountId")
);

-- CreateTable
CREATE TABLE "claim_code" (
    "organisationId" UUID NOT NULL,
    "digest" TEXT,
    "ownerEmailHash" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),
    "usedById" UUID,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "lastFailureAt" TIMESTAMPTZ(3),

    CONSTRAINT "claim_code_pkey" PRIMARY KEY ("organisationId")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actorId" UUID,
    "verb" TEXT NOT NULL,
    "subjectId" UUID,
    "data" JSONB NOT NULL,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "linked_file" (
    "tokenDigest" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "linked_file_pkey" PRIMARY KEY ("tokenDigest")
);

-- CreateIndex
CREATE INDEX "delivery_organisationId_personId_capDay_idx" ON "delivery"("organisationId", "personId", "capDay");

-- CreateIndex
CREATE INDEX "delivery_organisationId_state_message_idx" ON "delivery"("organisationId", "state", "message");

-- CreateIndex
CREATE INDEX "delivery_organisationId_progressOf_state_idx" ON "delivery"("organisationId", "progressOf", "state");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_organisationId_subjectKey_key" ON "delivery"("organisationId", "subjectKey");

-- CreateIndex
CREATE UNIQUE INDEX "job_organisationId_subjectKey_key" ON "job"("organisationId", "subjectKey");

-- CreateIndex
CREATE INDEX "handled_at_idx" ON "handled"("at");

-- CreateIndex
CREATE INDEX "handbook_version_organisationId_state_idx" ON "handbook_version"("organisationId", "state");

-- CreateIndex
CREATE UNIQUE INDEX "handbook_version_organisationId_documentId_number_key" ON "handbook_version"("organisationId", "documentId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "handbook_clause_organisationId_versionId_ordinal_key" ON "handbook_clause"("organisationId", "versionId", "ordinal");

-- CreateIndex
CREATE INDEX "handbook_assignment_organisationId_personId_state_idx" ON "handbook_assignment"("organisationId", "personId", "state");

-- CreateIndex
CREATE INDEX "handbook_assignment_organisationId_versionId_state_idx" ON "handbook_assignment"("organisationId", "versionId", "state");

-- CreateIndex
CREATE UNIQUE INDEX "handbook_assignment_organisationId_versionId_personId_key" ON "handbook_assignment"("organisationId", "versionId", "personId");

-- CreateIndex
CREATE INDEX "handbook_acknowledgement_organisationId_personId_idx" ON "handbook_acknowledgement"("organisationId", "personId");

-- CreateIndex
CREATE UNIQUE INDEX "handbook_acknowledgement_organisationId_seq_key" ON "handbook_acknowledgement"("organisationId", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "handbook_acknowledgement_organisationId_assignmentId_key" ON "handbook_acknowledgement"("organisationId", "assignmentId");

-- CreateIndex
CREATE INDEX "handbook_question_organisationId_versionId_idx" ON "handbook_question"("organisationId", "versionId");

-- CreateIndex
CREATE INDEX "handbook_question_organisationId_personId_idx" ON "handbook_question"("organisationId", "personId");

-- CreateIndex
CREATE UNIQUE INDEX "workspace_platform_externalId_key" ON "workspace"("platform", "externalId");

-- CreateIndex
CREATE UNIQUE INDEX "team_organisationId_name_key" ON "team"("organisationId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "location_organisationId_name_key" ON "location"("organisationId", "name");

-- CreateIndex
CREATE INDEX "person_organisationId_status_role_idx" ON "person"("organisationId", "status", "role");

-- CreateIndex
CREATE INDEX "person_organisationId_lineManagerId_idx" ON "person"("organisationId", "lineManagerId");

-- CreateIndex
CREATE INDEX "person_organisationId_teamId_idx" ON "person"("organisationId", "teamId");

-- CreateIndex
CREATE INDEX "person_organisationId_locationId_idx" ON "person"("organisationId", "locationId");

-- CreateIndex
CREATE INDEX "person_organisationId_name_idx" ON "person"("organisationId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "person_organisationId_emailHash_key" ON "person"("organisationId", "emailHash");

-- CreateIndex
CREATE INDEX "account_organisationId_personId_idx" ON "account"("organisationId", "personId");

-- CreateIndex
CREATE INDEX "account_organisationId_emailHash_idx" ON "account"("organisationId", "emailHash");

-- CreateIndex
CREATE UNIQUE INDEX "account_organisationId_workspaceId_externalId_key" ON "account"("organisationId", "workspaceId", "externalId");

-- CreateIndex
CREATE UNIQUE INDEX "channel_organisationId_workspaceId_externalId_key" ON "channel"("organisationId", "workspaceId", "externalId");

-- CreateIndex
CREATE INDEX "channel_member_organisationId_accountId_idx" ON "channel_member"("organisationId", "accountId");

-- CreateIndex
CREATE INDEX "audit_event_organisationId_subjectId_at_idx" ON "audit_event"("organisationId", "subjectId", "at");

-- CreateIndex
CREATE INDEX "audit_event_organisationId_at_idx" ON "audit_event"("organisationId", "at");

-- CreateIndex
CREATE INDEX "linked_file_expiresAt_idx" ON "linked_file"("expiresAt");

-- AddForeignKey
ALTER TABLE "handbook_version" ADD CONSTRAINT "handbook_version_organisationId_documentId_fkey" FOREIGN KEY ("organisationId", "documentId") REFERENCES "handbook_document"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "handbook_clause" ADD CONSTRAINT "handbook_clause_organisationId_versionId_fkey" FOREIGN KEY ("organisationId", "versionId") REFERENCES "handbook_version"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "handbook_page" ADD CONSTRAINT "handbook_page_organisationId_versionId_fkey" FOREIGN KEY ("organisationId", "versionId") REFERENCES "handbook_version"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "handbook_assignment" ADD CONSTRAINT "handbook_assignment_organisationId_versionId_fkey" FOREIGN KEY ("organisationId", "versionId") REFERENCES "handbook_version"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "handbook_acknowledgement" ADD CONSTRAINT "handbook_acknowledgement_organisationId_assignmentId_fkey" FOREIGN KEY ("organisationId", "assignmentId") REFERENCES "handbook_assignment"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "handbook_acknowledgement_detail" ADD CONSTRAINT "handbook_acknowledgement_detail_organisationId_acknowledge_fkey" FOREIGN KEY ("organisationId", "acknowledgementId") REFERENCES "handbook_acknowledgement"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "handbook_question" ADD CONSTRAINT "handbook_question_organisationId_clauseId_fkey" FOREIGN KEY ("organisationId", "clauseId") REFERENCES "handbook_clause"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workspace" ADD CONSTRAINT "workspace_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team" ADD CONSTRAINT "team_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "location" ADD CONSTRAINT "location_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "person" ADD CONSTRAINT "person_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "person" ADD CONSTRAINT "person_organisationId_lineManagerId_fkey" FOREIGN KEY ("organisationId", "lineManagerId") REFERENCES "person"("organisationId", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "person" ADD CONSTRAINT "person_organisationId_teamId_fkey" FOREIGN KEY ("organisationId", "teamId") REFERENCES "team"("organisationId", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "person" ADD CONSTRAINT "person_organisationId_locationId_fkey" FOREIGN KEY ("organisationId", "locationId") REFERENCES "location"("organisationId", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_organisationId_workspaceId_fkey" FOREIGN KEY ("organisationId", "workspaceId") REFERENCES "workspace"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_organisationId_personId_fkey" FOREIGN KEY ("organisationId", "personId") REFERENCES "person"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "channel" ADD CONSTRAINT "channel_organisationId_fkey" FOREIGN KEY ("organisationId") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "channel" ADD CONSTRAINT "channel_organisationId_workspaceId_fkey" FOREIGN KEY ("organisationId", "workspaceId") REFERENCES "workspace"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "channel_member" ADD CONSTRAINT "channel_member_organisationId_channelId_fkey" FOREIGN KEY ("organisationId", "channelId") REFERENCES "channel"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "channel_member" ADD CONSTRAINT "channel_member_organisationId_accountId_fkey" FOREIGN KEY ("organisationId", "accountId") REFERENCES "account"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand: deliveries.
-- What the delivery engine looks for many times a second: small indexes over the few rows that are not settled.
CREATE INDEX "delivery_pending_lane" ON "delivery" ("workspaceId", "priority", "dueAt") WHERE "state" = 'pending';
CREATE INDEX "delivery_sending_lease" ON "delivery" ("leaseUntil") WHERE "state" = 'sending';
CREATE INDEX "delivery_refresh_lane" ON "delivery" ("workspaceId", "refreshDueAt") WHERE "state" = 'sent' AND "refreshDueAt" IS NOT NULL;
CREATE INDEX "delivery_merged" ON "delivery" ("organisationId", "mergedIntoId") WHERE "mergedIntoId" IS NOT NULL;
CREATE INDEX "delivery_dead" ON "delivery" ("organisationId", "id") WHERE "state" = 'dead';
CREATE INDEX "job_open" ON "job" ("dueAt") WHERE "state" IN ('pending', 'running');

-- Takes one slot in every scope, or none and tells when the latest of them opens (milliseconds since 1970).
-- GCRA: "nextAt" is the theoretical arrival time; a slot is free from "nextAt" minus the tolerance on.
-- The three lists run in parallel; an interval of 0 asks only whether the scope is paused.
CREATE FUNCTION delivery_take_pace(scopes text[], intervals_ms float8[], tolerances_ms float8[], at timestamptz)
RETURNS TABLE (blocked_scope text, opens_at_ms float8) LANGUAGE plpgsql AS $$
BEGIN
  -- A pace lost in a crash of the server is worth less than a wait for the disk at every message.
  PERFORM set_config('synchronous_commit', 'off', true);
  INSERT INTO "pace" ("scope", "nextAt")
    SELECT s, at FROM unnest(scopes) AS s ORDER BY s
    ON CONFLICT DO NOTHING;
  -- Always in the same order, so that two workers can't wait for one another.
  PERFORM 1 FROM "pace" WHERE "scope" = ANY (scopes) ORDER BY "scope" FOR UPDATE;
  RETURN QUERY
    SELECT p."scope", ceil(extract(epoch FROM o.opens)::float8 * 1000)
    FROM unnest(scopes, intervals_ms, tolerances_ms) AS r (scope, interval_ms, tolerance_ms)
    JOIN "pace" p ON p."scope" = r.scope
    CROSS JOIN LATERAL (
      SELECT GREATEST(
        CASE WHEN r.interval_ms > 0 THEN p."nextAt" - r.tolerance_ms * interval '1 millisecond' END,
        p."pausedUntil") AS opens
    ) o
    WHERE o.opens > at
    ORDER BY o.opens DESC
    LIMIT 1;
  IF NOT FOUND THEN
    UPDATE "pace" p
    SET "nextAt" = GREATEST(p."nextAt", at) + r.interval_ms * interval '1 millisecond'
    FROM unnest(scopes, intervals_ms) AS r (scope, interval_ms)
    WHERE p."scope" = r.scope AND r.interval_ms > 0;
  END IF;
END;
$$;

-- By hand: the handbook.
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

-- By hand: people.
-- Audit events prove who did what: the database itself refuses to change or remove them.
CREATE FUNCTION audit_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit events are append-only' USING ERRCODE = 'restrict_violation';
END;
$$;

CREATE TRIGGER audit_event_rows_append_only
  BEFORE UPDATE OR DELETE ON "audit_event"
  FOR EACH ROW EXECUTE FUNCTION audit_event_append_only();

CREATE TRIGGER audit_event_table_append_only
  BEFORE TRUNCATE ON "audit_event"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_event_append_only();
