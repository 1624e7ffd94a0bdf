-- CreateEnum
CREATE TYPE "FeedbackSource" AS ENUM ('page', 'card', 'phone', 'email', 'in_person', 'mystery_shopper', 'api', 'csv');

-- CreateEnum
CREATE TYPE "FeedbackKind" AS ENUM ('praise', 'complaint', 'suggestion', 'comment');

-- CreateEnum
CREATE TYPE "FeedbackState" AS ENUM ('fresh', 'doubtful', 'spam', 'held', 'private', 'passed');

-- CreateEnum
CREATE TYPE "FeedbackQuestionKind" AS ENUM ('five', 'smileys', 'nps', 'open');

-- CreateEnum
CREATE TYPE "FeedbackConcernHow" AS ENUM ('named', 'served', 'chosen');

-- CreateEnum
CREATE TYPE "FeedbackTarget" AS ENUM ('channel', 'person', 'managers');

-- CreateEnum
CREATE TYPE "FeedbackTalkState" AS ENUM ('open', 'talked', 'dropped');

-- CreateEnum
CREATE TYPE "FeedbackPriority" AS ENUM ('low', 'normal', 'high', 'urgent');

-- CreateEnum
CREATE TYPE "FeedbackCaseState" AS ENUM ('open', 'claimed', 'resolved', 'closed');

-- CreateEnum
CREATE TYPE "FeedbackOutcome" AS ENUM ('confirmed', 'unconfirmed', 'merged');

-- CreateEnum
CREATE TYPE "FeedbackDirection" AS ENUM ('out', 'in');

-- CreateEnum
CREATE TYPE "FeedbackImportState" AS ENUM ('ready', 'running', 'done');

-- CreateTable
CREATE TABLE "feedback" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "reference" TEXT NOT NULL,
    "onceKey" TEXT NOT NULL,
    "bodyDigest" TEXT NOT NULL,
    "source" "FeedbackSource" NOT NULL,
    "kind" "FeedbackKind" NOT NULL,
    "state" "FeedbackState" NOT NULL DEFAULT 'fresh',
    "pageId" UUID,
    "locationId" UUID,
    "language" TEXT NOT NULL DEFAULT 'und',
    "stars" SMALLINT,
    "words" JSONB NOT NULL DEFAULT '[]',
    "servedBy" TEXT NOT NULL DEFAULT '',
    "contactSealed" TEXT,
    "contactHash" TEXT,
    "consentId" UUID,
    "consentLocale" TEXT,
    "doubts" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "wordsDigest" TEXT,
    "loggedById" UUID,
    "integrationId" UUID,
    "importId" UUID,
    "externalRef" TEXT NOT NULL DEFAULT '',
    "happenedAt" TIMESTAMPTZ(3),
    "receivedAt" TIMESTAMPTZ(3) NOT NULL,
    "sortedAt" TIMESTAMPTZ(3),
    "ruleId" UUID,
    "channelId" UUID,
    "personId" UUID,
    "bundleId" UUID,
    "decidedAt" TIMESTAMPTZ(3),
    "decidedById" UUID,
    "quiet" BOOLEAN NOT NULL DEFAULT false,
    "strippedAt" TIMESTAMPTZ(3),
    "themesById" UUID,

    CONSTRAINT "feedback_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "feedback_rating" (
    "organisationId" UUID NOT NULL,
    "feedbackId" UUID NOT NULL,
    "questionId" UUID NOT NULL,
    "value" SMALLINT NOT NULL,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL,
    "locationId" UUID,

    CONSTRAINT "feedback_rating_pkey" PRIMARY KEY ("organisationId","feedbackId","questionId")
);

-- CreateTable
CREATE TABLE "feedback_question" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "kind" "FeedbackQuestionKind" NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "position" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "retiredAt" TIMESTAMPTZ(3),

    CONSTRAINT "feedback_question_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "feedback_page" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "locationId" UUID,
    "questionIds" UUID[] DEFAULT ARRAY[]::UUID[],
    "asksContact" BOOLEAN NOT NULL DEFAULT true,
    "asksServedBy" BOOLEAN NOT NULL DEFAULT false,
    "intro" JSONB NOT NULL DEFAULT '{}',
    "thanks" JSONB NOT NULL DEFAULT '{}',
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "createdById" UUID,
    "closedAt" TIMESTAMPTZ(3),

    CONSTRAINT "feedback_page_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "feedback_consent" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "texts" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "createdById" UUID,

    CONSTRAINT "feedback_consent_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "feedback_settings" (
    "organisationId" UUID NOT NULL,
    "channelId" UUID,
    "colour" TEXT,
    "logoPictureId" UUID,
    "retentionMonths" INTEGER DEFAULT 24,
    "lowStars" INTEGER NOT NULL DEFAULT 2,
    "dueMinutes" JSONB NOT NULL,
    "ladder" JSONB NOT NULL,
    "leadId" UUID,
    "managerId" UUID,
    "silentDays" INTEGER NOT NULL DEFAULT 14,
    "talkDays" INTEGER NOT NULL DEFAULT 7,
    "digestMinutes" INTEGER DEFAULT 540,
    "lastCaseNo" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "feedback_settings_pkey" PRIMARY KEY ("organisationId")
);

-- CreateTable
CREATE TABLE "feedback_lead" (
    "organisationId" UUID NOT NULL,
    "locationId" UUID NOT NULL,
    "leadId" UUID,
    "managerId" UUID,

    CONSTRAINT "feedback_lead_pkey" PRIMARY KEY ("organisationId","locationId")
);

-- CreateTable
CREATE TABLE "feedback_theme" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "key" TEXT,
    "names" JSONB NOT NULL DEFAULT '{}',
    "patterns" JSONB NOT NULL DEFAULT '{}',
    "position" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "retiredAt" TIMESTAMPTZ(3),

    CONSTRAINT "feedback_theme_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "feedback_about" (
    "organisationId" UUID NOT NULL,
    "feedbackId" UUID NOT NULL,
    "themeId" UUID NOT NULL,
    "byId" UUID,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "feedback_about_pkey" PRIMARY KEY ("organisationId","feedbackId","themeId")
);

-- CreateTable
CREATE TABLE "feedback_concern" (
    "organisationId" UUID NOT NULL,
    "feedbackId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "how" "FeedbackConcernHow" NOT NULL,
    "addedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "feedback_concern_pkey" PRIMARY KEY ("organisationId","feedbackId","personId")
);

-- CreateTable
CREATE TABLE "feedback_rule" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "minStars" INTEGER,
    "maxStars" INTEGER,
    "kinds" "FeedbackKind"[] DEFAULT ARRAY[]::"FeedbackKind"[],
    "sources" "FeedbackSource"[] DEFAULT ARRAY[]::"FeedbackSource"[],
    "locationIds" UUID[] DEFAULT ARRAY[]::UUID[],
    "themeIds" UUID[] DEFAULT ARRAY[]::UUID[],
    "languages" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "phrases" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "target" "FeedbackTarget" NOT NULL,
    "channelId" UUID,
    "personId" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "createdById" UUID NOT NULL,
    "retiredAt" TIMESTAMPTZ(3),

    CONSTRAINT "feedback_rule_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "feedback_bundle" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "channelId" UUID NOT NULL,
    "count" INTEGER NOT NULL DEFAULT 0,
    "openedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "feedback_bundle_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "feedback_contact_view" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "feedbackId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "feedback_contact_view_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "feedback_talk" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "feedbackId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "lineId" UUID,
    "dueOn" DATE NOT NULL,
    "state" "FeedbackTalkState" NOT NULL DEFAULT 'open',
    "agreed" TEXT NOT NULL DEFAULT '',
    "talkedAt" TIMESTAMPTZ(3),
    "talkedById" UUID,
    "showsWords" BOOLEAN NOT NULL DEFAULT false,
    "answer" TEXT NOT NULL DEFAULT '',
    "answeredAt" TIMESTAMPTZ(3),
    "nextAskAt" TIMESTAMPTZ(3),
    "asked" INTEGER NOT NULL DEFAULT 0,
    "movedWhy" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "feedback_talk_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "feedback_case" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "feedbackId" UUID NOT NULL,
    "private" BOOLEAN NOT NULL DEFAULT false,
    "state" "FeedbackCaseState" NOT NULL DEFAULT 'open',
    "priority" "FeedbackPriority" NOT NULL,
    "locationId" UUID,
    "ownerId" UUID,
    "openedAt" TIMESTAMPTZ(3) NOT NULL,
    "claimedAt" TIMESTAMPTZ(3),
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "respondedAt" TIMESTAMPTZ(3),
    "pausedUntil" TIMESTAMPTZ(3),
    "pausedAt" TIMESTAMPTZ(3),
    "resolvedAt" TIMESTAMPTZ(3),
    "resolverId" UUID,
    "rootCause" TEXT NOT NULL DEFAULT '',
    "causeThemeId" UUID,
    "actionTaken" TEXT NOT NULL DEFAULT '',
    "askedAt" TIMESTAMPTZ(3),
    "closableAt" TIMESTAMPTZ(3),
    "reopenedAt" TIMESTAMPTZ(3),
    "closedAt" TIMESTAMPTZ(3),
    "closedById" UUID,
    "outcome" "FeedbackOutcome",
    "satisfaction" SMALLINT,
    "mergedIntoId" UUID,
    "linkNonce" TEXT NOT NULL,
    "step" INTEGER NOT NULL DEFAULT 0,
    "nextStepAt" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "feedback_case_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "feedback_case_event" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "caseId" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actorId" UUID,
    "kind" TEXT NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',
    "words" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "feedback_case_event_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "feedback_message" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "caseId" UUID NOT NULL,
    "direction" "FeedbackDirection" NOT NULL,
    "words" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "byId" UUID,
    "onceKey" TEXT NOT NULL,

    CONSTRAINT "feedback_message_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "feedback_integration" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "createdById" UUID NOT NULL,
    "closedAt" TIMESTAMPTZ(3),

    CONSTRAINT "feedback_integration_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "feedback_key" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "integrationId" UUID NOT NULL,
    "sealed" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "createdById" UUID NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),
    "revokedAt" TIMESTAMPTZ(3),
    "lastUsedAt" TIMESTAMPTZ(3),

    CONSTRAINT "feedback_key_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "feedback_import" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "fileName" TEXT NOT NULL,
    "delimiter" TEXT NOT NULL,
    "asNew" BOOLEAN NOT NULL DEFAULT false,
    "columns" JSONB NOT NULL,
    "lines" INTEGER NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "accepted" INTEGER NOT NULL DEFAULT 0,
    "repeated" INTEGER NOT NULL DEFAULT 0,
    "refused" INTEGER NOT NULL DEFAULT 0,
    "state" "FeedbackImportState" NOT NULL DEFAULT 'ready',
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "feedback_import_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "feedback_import_chunk" (
    "organisationId" UUID NOT NULL,
    "importId" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "sealed" TEXT NOT NULL,

    CONSTRAINT "feedback_import_chunk_pkey" PRIMARY KEY ("organisationId","importId","position")
);

-- CreateTable
CREATE TABLE "feedback_import_line" (
    "organisationId" UUID NOT NULL,
    "importId" UUID NOT NULL,
    "line" INTEGER NOT NULL,
    "reference" TEXT NOT NULL DEFAULT '',
    "problem" TEXT NOT NULL DEFAULT '',
    "column" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "feedback_import_line_pkey" PRIMARY KEY ("organisationId","importId","line")
);

-- CreateTable
CREATE TABLE "handbook_reason" (
    "organisationId" UUID NOT NULL,
    "versionId" UUID NOT NULL,
    "clauseId" UUID NOT NULL,
    "source" TEXT NOT NULL,
    "sourceKey" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "createdById" UUID NOT NULL,

    CONSTRAINT "handbook_reason_pkey" PRIMARY KEY ("organisationId","clauseId","source","sourceKey")
);

-- CreateIndex
CREATE INDEX "feedback_organisationId_receivedAt_idx" ON "feedback"("organisationId", "receivedAt");

-- CreateIndex
CREATE INDEX "feedback_organisationId_importId_idx" ON "feedback"("organisationId", "importId");

-- CreateIndex
CREATE UNIQUE INDEX "feedback_organisationId_reference_key" ON "feedback"("organisationId", "reference");

-- CreateIndex
CREATE UNIQUE INDEX "feedback_organisationId_onceKey_key" ON "feedback"("organisationId", "onceKey");

-- CreateIndex
CREATE INDEX "feedback_rating_organisationId_receivedAt_questionId_value__idx" ON "feedback_rating"("organisationId", "receivedAt", "questionId", "value", "locationId");

-- CreateIndex
CREATE UNIQUE INDEX "feedback_question_organisationId_key_key" ON "feedback_question"("organisationId", "key");

-- CreateIndex
CREATE UNIQUE INDEX "feedback_page_slug_key" ON "feedback_page"("slug");

-- CreateIndex
CREATE INDEX "feedback_page_organisationId_locationId_idx" ON "feedback_page"("organisationId", "locationId");

-- CreateIndex
CREATE UNIQUE INDEX "feedback_consent_organisationId_version_key" ON "feedback_consent"("organisationId", "version");

-- CreateIndex
CREATE UNIQUE INDEX "feedback_theme_organisationId_key_key" ON "feedback_theme"("organisationId", "key");

-- CreateIndex
CREATE INDEX "feedback_about_organisationId_themeId_receivedAt_idx" ON "feedback_about"("organisationId", "themeId", "receivedAt");

-- CreateIndex
CREATE INDEX "feedback_concern_organisationId_personId_idx" ON "feedback_concern"("organisationId", "personId");

-- CreateIndex
CREATE INDEX "feedback_rule_organisationId_position_idx" ON "feedback_rule"("organisationId", "position");

-- CreateIndex
CREATE INDEX "feedback_bundle_organisationId_channelId_openedAt_idx" ON "feedback_bundle"("organisationId", "channelId", "openedAt");

-- CreateIndex
CREATE INDEX "feedback_contact_view_organisationId_feedbackId_at_idx" ON "feedback_contact_view"("organisationId", "feedbackId", "at");

-- CreateIndex
CREATE INDEX "feedback_contact_view_organisationId_personId_idx" ON "feedback_contact_view"("organisationId", "personId");

-- CreateIndex
CREATE INDEX "feedback_talk_organisationId_personId_idx" ON "feedback_talk"("organisationId", "personId");

-- CreateIndex
CREATE INDEX "feedback_talk_organisationId_lineId_state_idx" ON "feedback_talk"("organisationId", "lineId", "state");

-- CreateIndex
CREATE UNIQUE INDEX "feedback_talk_organisationId_feedbackId_personId_key" ON "feedback_talk"("organisationId", "feedbackId", "personId");

-- CreateIndex
CREATE INDEX "feedback_case_organisationId_feedbackId_idx" ON "feedback_case"("organisationId", "feedbackId");

-- CreateIndex
CREATE INDEX "feedback_case_organisationId_ownerId_state_idx" ON "feedback_case"("organisationId", "ownerId", "state");

-- CreateIndex
CREATE INDEX "feedback_case_organisationId_mergedIntoId_idx" ON "feedback_case"("organisationId", "mergedIntoId");

-- CreateIndex
CREATE INDEX "feedback_case_organisationId_openedAt_idx" ON "feedback_case"("organisationId", "openedAt");

-- CreateIndex
CREATE INDEX "feedback_case_organisationId_resolvedAt_idx" ON "feedback_case"("organisationId", "resolvedAt");

-- CreateIndex
CREATE UNIQUE INDEX "feedback_case_organisationId_number_key" ON "feedback_case"("organisationId", "number");

-- CreateIndex
CREATE INDEX "feedback_case_event_organisationId_caseId_at_idx" ON "feedback_case_event"("organisationId", "caseId", "at");

-- CreateIndex
CREATE INDEX "feedback_message_organisationId_caseId_at_idx" ON "feedback_message"("organisationId", "caseId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "feedback_message_organisationId_onceKey_key" ON "feedback_message"("organisationId", "onceKey");

-- CreateIndex
CREATE INDEX "feedback_key_organisationId_integrationId_idx" ON "feedback_key"("organisationId", "integrationId");

-- CreateIndex
CREATE INDEX "feedback_import_createdAt_idx" ON "feedback_import"("createdAt");

-- CreateIndex
CREATE INDEX "handbook_reason_organisationId_versionId_idx" ON "handbook_reason"("organisationId", "versionId");

-- CreateIndex
CREATE INDEX "handbook_reason_organisationId_source_sourceKey_idx" ON "handbook_reason"("organisationId", "source", "sourceKey");

-- CreateIndex
CREATE INDEX "seminar_agenda_item_organisationId_source_sourceKey_idx" ON "seminar_agenda_item"("organisationId", "source", "sourceKey");

-- AddForeignKey
ALTER TABLE "feedback_rating" ADD CONSTRAINT "feedback_rating_organisationId_feedbackId_fkey" FOREIGN KEY ("organisationId", "feedbackId") REFERENCES "feedback"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback_rating" ADD CONSTRAINT "feedback_rating_organisationId_questionId_fkey" FOREIGN KEY ("organisationId", "questionId") REFERENCES "feedback_question"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback_about" ADD CONSTRAINT "feedback_about_organisationId_feedbackId_fkey" FOREIGN KEY ("organisationId", "feedbackId") REFERENCES "feedback"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback_about" ADD CONSTRAINT "feedback_about_organisationId_themeId_fkey" FOREIGN KEY ("organisationId", "themeId") REFERENCES "feedback_theme"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback_concern" ADD CONSTRAINT "feedback_concern_organisationId_feedbackId_fkey" FOREIGN KEY ("organisationId", "feedbackId") REFERENCES "feedback"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback_case" ADD CONSTRAINT "feedback_case_organisationId_feedbackId_fkey" FOREIGN KEY ("organisationId", "feedbackId") REFERENCES "feedback"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback_case_event" ADD CONSTRAINT "feedback_case_event_organisationId_caseId_fkey" FOREIGN KEY ("organisationId", "caseId") REFERENCES "feedback_case"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback_message" ADD CONSTRAINT "feedback_message_organisationId_caseId_fkey" FOREIGN KEY ("organisationId", "caseId") REFERENCES "feedback_case"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback_key" ADD CONSTRAINT "feedback_key_organisationId_integrationId_fkey" FOREIGN KEY ("organisationId", "integrationId") REFERENCES "feedback_integration"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback_import_chunk" ADD CONSTRAINT "feedback_import_chunk_organisationId_importId_fkey" FOREIGN KEY ("organisationId", "importId") REFERENCES "feedback_import"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback_import_line" ADD CONSTRAINT "feedback_import_line_organisationId_importId_fkey" FOREIGN KEY ("organisationId", "importId") REFERENCES "feedback_import"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "handbook_reason" ADD CONSTRAINT "handbook_reason_organisationId_versionId_fkey" FOREIGN KEY ("organisationId", "versionId") REFERENCES "handbook_version"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "handbook_reason" ADD CONSTRAINT "handbook_reason_organisationId_clauseId_fkey" FOREIGN KEY ("organisationId", "clauseId") REFERENCES "handbook_clause"("organisationId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand: what ticks, lists and doors look for, by partial indexes; each reads what is due and nothing else.
CREATE INDEX "feedback_fresh" ON "feedback" ("organisationId", ("importId" IS NOT NULL), "receivedAt") WHERE "state" = 'fresh';
CREATE INDEX "feedback_waiting" ON "feedback" ("organisationId", "receivedAt") WHERE "state" IN ('doubtful', 'held');
CREATE INDEX "feedback_contact" ON "feedback" ("organisationId", "contactHash") WHERE "contactHash" IS NOT NULL;
CREATE INDEX "feedback_same_words" ON "feedback" ("organisationId", "wordsDigest", "receivedAt") WHERE "wordsDigest" IS NOT NULL;
CREATE INDEX "feedback_to_strip" ON "feedback" ("organisationId", "receivedAt") WHERE "strippedAt" IS NULL;
CREATE INDEX "feedback_bundled" ON "feedback" ("organisationId", "bundleId") WHERE "bundleId" IS NOT NULL;
CREATE INDEX "feedback_case_due" ON "feedback_case" ("organisationId", "dueAt") WHERE "state" IN ('open', 'claimed');
CREATE INDEX "feedback_case_step" ON "feedback_case" ("organisationId", "nextStepAt") WHERE "nextStepAt" IS NOT NULL;
CREATE INDEX "feedback_case_paused" ON "feedback_case" ("organisationId", "pausedUntil") WHERE "pausedUntil" IS NOT NULL;
CREATE INDEX "feedback_case_closable" ON "feedback_case" ("organisationId", "closableAt") WHERE "state" = 'resolved';
CREATE INDEX "feedback_talk_ask" ON "feedback_talk" ("organisationId", "nextAskAt") WHERE "nextAskAt" IS NOT NULL;

ALTER TABLE "feedback" ADD CONSTRAINT "feedback_stars_1_to_5" CHECK ("stars" BETWEEN 1 AND 5);
ALTER TABLE "feedback_rating" ADD CONSTRAINT "feedback_rating_0_to_10" CHECK ("value" BETWEEN 0 AND 10);
ALTER TABLE "feedback_case" ADD CONSTRAINT "feedback_case_satisfaction_1_to_5" CHECK ("satisfaction" BETWEEN 1 AND 5);
ALTER TABLE "feedback_rule" ADD CONSTRAINT "feedback_rule_has_its_target" CHECK (
  CASE "target" WHEN 'channel' THEN "channelId" IS NOT NULL WHEN 'person' THEN "personId" IS NOT NULL ELSE true END
);

-- Who looked at a contact stays known; only the words of the reason can be emptied, when their writer is erased.
CREATE FUNCTION feedback_contact_view_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW."reason" = '' AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'Who looked at a contact is kept.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "feedback_contact_view_kept" BEFORE UPDATE OR DELETE ON "feedback_contact_view"
  FOR EACH ROW EXECUTE FUNCTION feedback_contact_view_kept();
CREATE TRIGGER "feedback_contact_view_no_truncate" BEFORE TRUNCATE ON "feedback_contact_view"
  FOR EACH STATEMENT EXECUTE FUNCTION feedback_contact_view_kept();

-- Takes one piece of feedback with its ratings, once for its key: one round trip for every door.
-- The entry's columns come as an object by their names, the ratings as `[{"questionId": ..., "value": ...}]`.
CREATE FUNCTION feedback_accept(p_entry jsonb, p_ratings jsonb) RETURNS TABLE ("id" uuid, "reference" text, "bodyDigest" text, "isNew" boolean) LANGUAGE plpgsql AS $$
DECLARE
  v_entry "feedback"%ROWTYPE;
  v_id uuid;
BEGIN
  v_entry := jsonb_populate_record(NULL::"feedback", p_entry);
  INSERT INTO "feedback" ("organisationId", "id", "reference", "onceKey", "bodyDigest", "source", "kind", "state", "pageId", "locationId", "language", "stars",
                          "words", "servedBy", "contactSealed", "contactHash", "consentId", "consentLocale", "doubts", "wordsDigest", "loggedById",
                          "integrationId", "importId", "externalRef", "happenedAt", "quiet", "receivedAt")
    VALUES (v_entry."organisationId", v_entry."id", v_entry."reference", v_entry."onceKey", v_entry."bodyDigest", v_entry."source", v_entry."kind", 'fresh',
            v_entry."pageId", v_entry."locationId", COALESCE(v_entry."language", 'und'), v_entry."stars", COALESCE(v_entry."words", '[]'),
            COALESCE(v_entry."servedBy", ''), v_entry."contactSealed", v_entry."contactHash", v_entry."consentId", v_entry."consentLocale",
            COALESCE(v_entry."doubts", '{}'), v_entry."wordsDigest", v_entry."loggedById", v_entry."integrationId", v_entry."importId",
            COALESCE(v_entry."externalRef", ''), v_entry."happenedAt", COALESCE(v_entry."quiet", false), v_entry."receivedAt")
    ON CONFLICT ("organisationId", "onceKey") DO NOTHING
    RETURNING "feedback"."id" INTO v_id;
  IF v_id IS NULL THEN
    RETURN QUERY SELECT f."id", f."reference", f."bodyDigest", false FROM "feedback" f
      WHERE f."organisationId" = v_entry."organisationId" AND f."onceKey" = v_entry."onceKey";
    RETURN;
  END IF;
  INSERT INTO "feedback_rating" ("organisationId", "feedbackId", "questionId", "value", "receivedAt", "locationId")
    SELECT v_entry."organisationId", v_id, r."questionId", r."value", v_entry."receivedAt", v_entry."locationId"
    FROM jsonb_to_recordset(p_ratings) AS r ("questionId" uuid, "value" smallint);
  RETURN QUERY SELECT v_id, v_entry."reference", v_entry."bodyDigest", true;
END $$;

-- The words of a name as people/names.ts, foldName, has them: small, without diacritics. Finds colleagues in customers' words.
CREATE FUNCTION name_words(p_name text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT regexp_split_to_array(btrim(regexp_replace(
    replace(replace(replace(replace(translate(lower(regexp_replace(normalize(p_name, NFKD), '[\u0300-\u036f]', '', 'g')), 'łøđðı', 'loddi'),
      'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), '[^[:alnum:]]+', ' ', 'g')), ' ')
$$;
CREATE INDEX "person_name_words" ON "person" USING gin (name_words("name")) WHERE "status" = 'active';
CREATE INDEX "feedback_spam" ON "feedback" ("organisationId", "receivedAt") WHERE "state" = 'spam';
