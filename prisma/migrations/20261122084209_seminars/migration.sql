-- CreateEnum
CREATE TYPE "MailState" AS ENUM ('pending', 'sending', 'sent', 'dropped', 'dead');

-- CreateEnum
CREATE TYPE "SeminarRequirement" AS ENUM ('voluntary', 'every', 'once');

-- CreateEnum
CREATE TYPE "SeminarTrack" AS ENUM ('none', 'new_employees', 'front_line', 'managers');

-- CreateEnum
CREATE TYPE "HolidayRule" AS ENUM ('ignore', 'move', 'skip');

-- CreateEnum
CREATE TYPE "SeminarDateState" AS ENUM ('planned', 'cancelled');

-- CreateEnum
CREATE TYPE "SeminarPhase" AS ENUM ('ahead', 'open', 'over');

-- CreateEnum
CREATE TYPE "SeminarAnswerState" AS ENUM ('going', 'maybe', 'cant', 'waiting');

-- CreateEnum
CREATE TYPE "SeminarAnswerSource" AS ENUM ('self', 'put_on', 'host');

-- CreateEnum
CREATE TYPE "SeminarAttendanceVia" AS ENUM ('button', 'code', 'host');

-- CreateEnum
CREATE TYPE "SeminarCatchUpState" AS ENUM ('waiting', 'open', 'read', 'put_on', 'closed');

-- CreateEnum
CREATE TYPE "SeminarAgendaState" AS ENUM ('proposed', 'accepted', 'declined');

-- CreateEnum
CREATE TYPE "SeminarMaterialKind" AS ENUM ('link', 'text', 'file');

-- CreateEnum
CREATE TYPE "SeminarTaskState" AS ENUM ('open', 'done', 'dropped');

-- CreateTable
CREATE TABLE "mail" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "subjectKey" TEXT NOT NULL,
    "spec" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "personId" UUID,
    "sealedTo" TEXT,
    "state" "MailState" NOT NULL DEFAULT 'pending',
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "heldUntil" TIMESTAMPTZ(3),
    "expiresAt" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "claimedBy" TEXT,
    "leaseUntil" TIMESTAMPTZ(3),
    "sentAt" TIMESTAMPTZ(3),
    "lastError" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "settledAt" TIMESTAMPTZ(3),

    CONSTRAINT "mail_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "award" (
    "organisationId" UUID NOT NULL,
    "originKey" TEXT NOT NULL,
    "personId" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "awardedAt" TIMESTAMPTZ(3) NOT NULL,
    "takenBackAt" TIMESTAMPTZ(3),

    CONSTRAINT "award_pkey" PRIMARY KEY ("organisationId","originKey","personId")
);

-- CreateTable
CREATE TABLE "seminar_series" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "purpose" TEXT NOT NULL DEFAULT '',
    "hostId" UUID NOT NULL,
    "audienceKind" "AudienceKind" NOT NULL,
    "audienceTarget" TEXT,
    "audiencePeople" UUID[] DEFAULT ARRAY[]::UUID[],
    "requirement" "SeminarRequirement" NOT NULL DEFAULT 'voluntary',
    "track" "SeminarTrack" NOT NULL DEFAULT 'none',
    "place" TEXT NOT NULL DEFAULT '',
    "link" TEXT NOT NULL DEFAULT '',
    "preReading" TEXT NOT NULL DEFAULT '',
    "capacity" INTEGER,
    "zone" TEXT NOT NULL,
    "firstDay" DATE NOT NULL,
    "startMinutes" INTEGER NOT NULL,
    "lengthMinutes" INTEGER NOT NULL,
    "rule" TEXT NOT NULL,
    "exceptions" DATE[] DEFAULT ARRAY[]::DATE[],
    "holidays" "HolidayRule" NOT NULL DEFAULT 'ignore',
    "country" TEXT,
    "channelId" UUID,
    "plannedTo" DATE NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "createdById" UUID NOT NULL,
    "changedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "seminar_series_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "seminar_draft" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "seriesId" UUID,
    "fromDateId" UUID,
    "fields" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),
    "savedSeriesId" UUID,

    CONSTRAINT "seminar_draft_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "seminar_date" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "seriesId" UUID NOT NULL,
    "ruleDay" DATE,
    "startsAt" TIMESTAMPTZ(3) NOT NULL,
    "endsAt" TIMESTAMPTZ(3) NOT NULL,
    "title" TEXT,
    "place" TEXT NOT NULL DEFAULT '',
    "link" TEXT NOT NULL DEFAULT '',
    "hostId" UUID NOT NULL,
    "capacity" INTEGER,
    "state" "SeminarDateState" NOT NULL DEFAULT 'planned',
    "cancelWords" TEXT NOT NULL DEFAULT '',
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "queueNo" INTEGER NOT NULL DEFAULT 0,
    "postAt" TIMESTAMPTZ(3),
    "nextStage" INTEGER,
    "nextStageAt" TIMESTAMPTZ(3),
    "phase" "SeminarPhase" NOT NULL DEFAULT 'ahead',
    "phaseAt" TIMESTAMPTZ(3),
    "notes" TEXT NOT NULL DEFAULT '',
    "recap" TEXT NOT NULL DEFAULT '',
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "changedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "seminar_date_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "seminar_answer" (
    "organisationId" UUID NOT NULL,
    "dateId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "state" "SeminarAnswerState" NOT NULL,
    "source" "SeminarAnswerSource" NOT NULL DEFAULT 'self',
    "queueNo" INTEGER,
    "answeredAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "seminar_answer_pkey" PRIMARY KEY ("organisationId","dateId","personId")
);

-- CreateTable
CREATE TABLE "seminar_attendance" (
    "organisationId" UUID NOT NULL,
    "dateId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "attended" BOOLEAN NOT NULL,
    "late" BOOLEAN NOT NULL DEFAULT false,
    "leftEarly" BOOLEAN NOT NULL DEFAULT false,
    "excused" BOOLEAN NOT NULL DEFAULT false,
    "via" "SeminarAttendanceVia",
    "at" TIMESTAMPTZ(3) NOT NULL,
    "recordedById" UUID,

    CONSTRAINT "seminar_attendance_pkey" PRIMARY KEY ("organisationId","dateId","personId")
);

-- CreateTable
CREATE TABLE "seminar_catch_up" (
    "organisationId" UUID NOT NULL,
    "dateId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "state" "SeminarCatchUpState" NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "settledAt" TIMESTAMPTZ(3),
    "nextDateId" UUID,

    CONSTRAINT "seminar_catch_up_pkey" PRIMARY KEY ("organisationId","dateId","personId")
);

-- CreateTable
CREATE TABLE "seminar_agenda_item" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "dateId" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "source" TEXT,
    "sourceKey" TEXT,
    "topic" TEXT NOT NULL DEFAULT '',
    "why" TEXT NOT NULL DEFAULT '',
    "answer" TEXT NOT NULL DEFAULT '',
    "proposedById" UUID,
    "state" "SeminarAgendaState" NOT NULL,
    "decidedById" UUID,
    "decidedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "seminar_agenda_item_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "seminar_material" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "dateId" UUID NOT NULL,
    "kind" "SeminarMaterialKind" NOT NULL,
    "title" TEXT NOT NULL,
    "content" TEXT NOT NULL DEFAULT '',
    "mime" TEXT,
    "bytes" BYTEA,
    "addedById" UUID NOT NULL,
    "addedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "seminar_material_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "seminar_task" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "dateId" UUID NOT NULL,
    "words" TEXT NOT NULL,
    "ownerId" UUID NOT NULL,
    "dueOn" DATE NOT NULL,
    "state" "SeminarTaskState" NOT NULL DEFAULT 'open',
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "createdById" UUID NOT NULL,
    "settledAt" TIMESTAMPTZ(3),
    "settledById" UUID,
    "askedCount" INTEGER NOT NULL DEFAULT 0,
    "nextAskAt" TIMESTAMPTZ(3),

    CONSTRAINT "seminar_task_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "seminar_opinions" (
    "organisationId" UUID NOT NULL,
    "dateId" UUID NOT NULL,
    "scores" INTEGER[],
    "words" TEXT[],

    CONSTRAINT "seminar_opinions_pkey" PRIMARY KEY ("organisationId","dateId")
);

-- CreateTable
CREATE TABLE "seminar_opinion_given" (
    "organisationId" UUID NOT NULL,
    "dateId" UUID NOT NULL,
    "personId" UUID NOT NULL,

    CONSTRAINT "seminar_opinion_given_pkey" PRIMARY KEY ("organisationId","dateId","personId")
);

-- CreateTable
CREATE TABLE "seminar_change" (
    "organisationId" UUID NOT NULL,
    "id" UUID NOT NULL,
    "seriesId" UUID NOT NULL,
    "dateId" UUID,
    "kind" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "words" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ(3) NOT NULL,
    "byId" UUID NOT NULL,

    CONSTRAINT "seminar_change_pkey" PRIMARY KEY ("organisationId","id")
);

-- CreateTable
CREATE TABLE "seminar_feed" (
    "organisationId" UUID NOT NULL,
    "personId" UUID NOT NULL,
    "tokenDigest" TEXT NOT NULL,
    "sealedToken" TEXT NOT NULL,
    "renewedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "seminar_feed_pkey" PRIMARY KEY ("organisationId","personId")
);

-- CreateTable
CREATE TABLE "seminar_settings" (
    "organisationId" UUID NOT NULL,
    "channelId" UUID,
    "ladder" INTEGER[] DEFAULT ARRAY[10080, 1440, 60]::INTEGER[],
    "postDays" INTEGER NOT NULL DEFAULT 14,
    "attendPoints" INTEGER NOT NULL DEFAULT 0,
    "hostPoints" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "seminar_settings_pkey" PRIMARY KEY ("organisationId")
);

-- CreateIndex
CREATE INDEX "seminar_answer_organisationId_dateId_answeredAt_idx" ON "seminar_answer"("organisationId", "dateId", "answeredAt");

-- CreateIndex
CREATE UNIQUE INDEX "mail_organisationId_subjectKey_key" ON "mail"("organisationId", "subjectKey");

-- CreateIndex
CREATE INDEX "award_organisationId_personId_idx" ON "award"("organisationId", "personId");

-- CreateIndex
CREATE INDEX "seminar_series_organisationId_endedAt_plannedTo_idx" ON "seminar_series"("organisationId", "endedAt", "plannedTo");

-- CreateIndex
CREATE INDEX "seminar_draft_createdAt_idx" ON "seminar_draft"("createdAt");

-- CreateIndex
CREATE INDEX "seminar_date_organisationId_seriesId_startsAt_idx" ON "seminar_date"("organisationId", "seriesId", "startsAt");

-- CreateIndex
CREATE INDEX "seminar_date_organisationId_startsAt_idx" ON "seminar_date"("organisationId", "startsAt");

-- CreateIndex
CREATE INDEX "seminar_date_organisationId_hostId_startsAt_idx" ON "seminar_date"("organisationId", "hostId", "startsAt");

-- CreateIndex
CREATE UNIQUE INDEX "seminar_date_organisationId_seriesId_ruleDay_key" ON "seminar_date"("organisationId", "seriesId", "ruleDay");

-- CreateIndex
CREATE INDEX "seminar_answer_organisationId_dateId_state_queueNo_idx" ON "seminar_answer"("organisationId", "dateId", "state", "queueNo");

-- CreateIndex
CREATE INDEX "seminar_answer_organisationId_personId_idx" ON "seminar_answer"("organisationId", "personId");

-- CreateIndex
CREATE INDEX "seminar_attendance_organisationId_personId_at_idx" ON "seminar_attendance"("organisationId", "personId", "at");

-- CreateIndex
CREATE INDEX "seminar_catch_up_organisationId_state_dueAt_idx" ON "seminar_catch_up"("organisationId", "state", "dueAt");

-- CreateIndex
CREATE INDEX "seminar_catch_up_organisationId_personId_idx" ON "seminar_catch_up"("organisationId", "personId");

-- CreateIndex
CREATE INDEX "seminar_agenda_item_organisationId_dateId_position_idx" ON "seminar_agenda_item"("organisationId", "dateId", "position");

-- CreateIndex
CREATE INDEX "seminar_agenda_item_organisationId_proposedById_idx" ON "seminar_agenda_item"("organisationId", "proposedById");

-- CreateIndex
CREATE UNIQUE INDEX "seminar_agenda_item_organisationId_dateId_source_sourceKey_key" ON "seminar_agenda_item"("organisationId", "dateId", "source", "sourceKey");

-- CreateIndex
CREATE INDEX "seminar_material_organisationId_dateId_addedAt_idx" ON "seminar_material"("organisationId", "dateId", "addedAt");

-- CreateIndex
CREATE INDEX "seminar_task_organisationId_dateId_idx" ON "seminar_task"("organisationId", "dateId");

-- CreateIndex
CREATE INDEX "seminar_task_organisationId_ownerId_state_idx" ON "seminar_task"("organisationId", "ownerId", "state");

-- CreateIndex
CREATE INDEX "seminar_task_organisationId_nextAskAt_idx" ON "seminar_task"("organisationId", "nextAskAt");

-- CreateIndex
CREATE INDEX "seminar_change_organisationId_seriesId_at_idx" ON "seminar_change"("organisationId", "seriesId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "seminar_feed_tokenDigest_key" ON "seminar_feed"("tokenDigest");

-- AddForeignKey
ALTER TABLE "seminar_date" ADD CONSTRAINT "seminar_date_organisationId_seriesId_fkey" FOREIGN KEY ("organisationId", "seriesId") REFERENCES "seminar_series"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "seminar_answer" ADD CONSTRAINT "seminar_answer_organisationId_dateId_fkey" FOREIGN KEY ("organisationId", "dateId") REFERENCES "seminar_date"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "seminar_attendance" ADD CONSTRAINT "seminar_attendance_organisationId_dateId_fkey" FOREIGN KEY ("organisationId", "dateId") REFERENCES "seminar_date"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "seminar_catch_up" ADD CONSTRAINT "seminar_catch_up_organisationId_dateId_fkey" FOREIGN KEY ("organisationId", "dateId") REFERENCES "seminar_date"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "seminar_agenda_item" ADD CONSTRAINT "seminar_agenda_item_organisationId_dateId_fkey" FOREIGN KEY ("organisationId", "dateId") REFERENCES "seminar_date"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "seminar_material" ADD CONSTRAINT "seminar_material_organisationId_dateId_fkey" FOREIGN KEY ("organisationId", "dateId") REFERENCES "seminar_date"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "seminar_task" ADD CONSTRAINT "seminar_task_organisationId_dateId_fkey" FOREIGN KEY ("organisationId", "dateId") REFERENCES "seminar_date"("organisationId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand: what the ticks look for, by partial indexes; each tick reads what is due and nothing else.
CREATE INDEX "seminar_date_post" ON "seminar_date" ("organisationId", "postAt") WHERE "postAt" IS NOT NULL;
CREATE INDEX "seminar_date_stage" ON "seminar_date" ("organisationId", "nextStageAt") WHERE "nextStageAt" IS NOT NULL;
CREATE INDEX "seminar_date_phase" ON "seminar_date" ("organisationId", "phaseAt") WHERE "phaseAt" IS NOT NULL;
CREATE INDEX "seminar_task_ask" ON "seminar_task" ("organisationId", "nextAskAt") WHERE "nextAskAt" IS NOT NULL;
CREATE INDEX "seminar_agenda_ticked" ON "seminar_agenda_item" ("organisationId", "dateId")
  WHERE "source" IS NOT NULL AND "state" = 'accepted' AND "decidedById" IS NOT NULL;
CREATE INDEX "mail_pending" ON "mail" ("dueAt") WHERE "state" = 'pending';
CREATE INDEX "mail_sending_lease" ON "mail" ("leaseUntil") WHERE "state" = 'sending';
CREATE INDEX "mail_dead" ON "mail" ("organisationId", "id") WHERE "state" = 'dead';

-- Two dates of one series never begin at the same instant.
CREATE UNIQUE INDEX "seminar_date_once" ON "seminar_date" ("organisationId", "seriesId", "startsAt") WHERE "state" = 'planned';
ALTER TABLE "seminar_date" ADD CONSTRAINT "seminar_date_ends_later" CHECK ("endsAt" > "startsAt");
ALTER TABLE "seminar_date" ADD CONSTRAINT "seminar_date_capacity_positive" CHECK ("capacity" > 0);
ALTER TABLE "seminar_series" ADD CONSTRAINT "seminar_series_capacity_positive" CHECK ("capacity" > 0);

-- Gives free places to those who wait, in their order. The caller has locked the date.
CREATE FUNCTION seminar_move_up(p_organisation uuid, p_date uuid, p_capacity int) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
  v_free int;
  v_moved uuid[];
BEGIN
  SELECT p_capacity - count(*)::int INTO v_free FROM "seminar_answer" a
    WHERE a."organisationId" = p_organisation AND a."dateId" = p_date AND a."state" = 'going';
  IF p_capacity IS NULL OR v_free > 0 THEN
    WITH first AS (
      SELECT a."personId" FROM "seminar_answer" a
      WHERE a."organisationId" = p_organisation AND a."dateId" = p_date AND a."state" = 'waiting'
      ORDER BY a."queueNo" LIMIT v_free
    ), moved AS (
      UPDATE "seminar_answer" a SET "state" = 'going', "queueNo" = NULL FROM first
      WHERE a."organisationId" = p_organisation AND a."dateId" = p_date AND a."personId" = first."personId"
      RETURNING a."personId"
    )
    SELECT array_agg("personId") INTO v_moved FROM moved;
  END IF;
  RETURN COALESCE(v_moved, '{}');
END $$;

-- One answer to one date. `outcome`: ok, same (it stood so already), cancelled, begun, gone. `ahead`: how many wait before this person.
-- `moved`: who got a place by it. Answers to a date with a capacity wait for one another, others don't.
CREATE FUNCTION seminar_answer(
  p_organisation uuid, p_date uuid, p_person uuid, p_wanted text, p_source text, p_at timestamptz
) RETURNS TABLE (outcome text, answer text, ahead int, moved uuid[]) LANGUAGE plpgsql AS $$
DECLARE
  v_date "seminar_date"%ROWTYPE;
  v_capacity int;
  v_before "seminar_answer"%ROWTYPE;
  v_state text := p_wanted;
  v_no int;
BEGIN
  SELECT d."capacity" INTO v_capacity FROM "seminar_date" d WHERE d."organisationId" = p_organisation AND d."id" = p_date;
  IF v_capacity IS NULL THEN
    SELECT * INTO v_date FROM "seminar_date" d WHERE d."organisationId" = p_organisation AND d."id" = p_date FOR SHARE;
    IF v_date."capacity" IS NOT NULL THEN
      -- It got a capacity this moment: the whole transaction begins again, and takes the other lock.
      RAISE EXCEPTION 'the capacity has changed' USING ERRCODE = 'serialization_failure';
    END IF;
  ELSE
    SELECT * INTO v_date FROM "seminar_date" d WHERE d."organisationId" = p_organisation AND d."id" = p_date FOR NO KEY UPDATE;
  END IF;
  moved := '{}';
  ahead := 0;
  IF v_date."id" IS NULL THEN outcome := 'gone'; RETURN NEXT; RETURN; END IF;
  IF v_date."state" = 'cancelled' THEN outcome := 'cancelled'; RETURN NEXT; RETURN; END IF;
  IF v_date."startsAt" <= p_at THEN outcome := 'begun'; RETURN NEXT; RETURN; END IF;

  SELECT * INTO v_before FROM "seminar_answer" a
    WHERE a."organisationId" = p_organisation AND a."dateId" = p_date AND a."personId" = p_person;
  IF p_wanted = 'going' AND v_date."hostId" = p_person AND v_before."state" IS DISTINCT FROM 'going' THEN
    -- The host comes anyway, takes nobody's place and waits for none: what was said otherwise is taken back.
    DELETE FROM "seminar_answer" a WHERE a."organisationId" = p_organisation AND a."dateId" = p_date AND a."personId" = p_person;
    outcome := CASE WHEN FOUND THEN 'ok' ELSE 'same' END;
    RETURN NEXT;
    RETURN;
  END IF;
  IF v_before."state"::text = p_wanted OR (p_wanted = 'going' AND v_before."state" = 'waiting') THEN
    outcome := 'same';
    answer := v_before."state"::text;
  ELSE
    outcome := 'ok';
    IF p_wanted = 'going' AND v_date."capacity" IS NOT NULL AND v_date."capacity" <= (
      SELECT count(*) FROM "seminar_answer" a WHERE a."organisationId" = p_organisation AND a."dateId" = p_date AND a."state" = 'going'
    ) THEN
      v_state := 'waiting';
      UPDATE "seminar_date" d SET "queueNo" = d."queueNo" + 1
        WHERE d."organisationId" = p_organisation AND d."id" = p_date RETURNING d."queueNo" INTO v_no;
    END IF;
    answer := v_state;
    INSERT INTO "seminar_answer" ("organisationId", "dateId", "personId", "state", "source", "queueNo", "answeredAt")
      VALUES (p_organisation, p_date, p_person, v_state::"SeminarAnswerState", p_source::"SeminarAnswerSource", v_no, p_at)
      ON CONFLICT ("organisationId", "dateId", "personId") DO UPDATE
      SET "state" = EXCLUDED."state", "source" = EXCLUDED."source", "queueNo" = EXCLUDED."queueNo", "answeredAt" = EXCLUDED."answeredAt";
    IF v_before."state" = 'going' AND v_date."capacity" IS NOT NULL THEN
      moved := seminar_move_up(p_organisation, p_date, v_date."capacity");
    END IF;
  END IF;
  IF answer = 'waiting' THEN
    SELECT count(*)::int INTO ahead FROM "seminar_answer" a
      WHERE a."organisationId" = p_organisation AND a."dateId" = p_date AND a."state" = 'waiting' AND a."queueNo" < COALESCE(v_no, v_before."queueNo");
  END IF;
  RETURN NEXT;
END $$;
